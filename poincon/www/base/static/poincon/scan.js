// The camera of the first screen of a hand-over: reads the code of the cover into the field of the number.
// Offered only where the browser itself reads QR codes; the field does without.

const part = document.querySelector("[data-scan]");
const start = part && part.querySelector("[data-scan-start]");
const LOOK_EVERY = 200;

const readsCodes = async () => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  // The class may be there without any format behind it.
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
};

const scan = () => {
  const view = part.querySelector("[data-scan-view]");
  const video = view.querySelector("video");
  const said = view.querySelector("[data-scan-said]");
  const form = part.closest("form");
  const field = form.querySelector("[name='numero']");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;
  let timer = null;

  const close = () => {
    window.clearInterval(timer);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.hidden = true;
    start.hidden = false;
    start.focus();
  };

  const look = async () => {
    const [code] = stream ? await detector.detect(video) : [];
    if (!code || !stream) return;
    close();
    field.value = code.rawValue;
    form.requestSubmit();
  };

  const open = async () => {
    view.hidden = false;
    start.hidden = true;
    said.textContent = said.dataset.looking;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = said.dataset.refused;
      return;
    }
    video.srcObject = stream;
    await video.play();
    timer = window.setInterval(look, LOOK_EVERY);
  };

  start.addEventListener("click", open);
  part.querySelector("[data-scan-stop]").addEventListener("click", close);
  window.addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));
};

if (part) {
  readsCodes().then((able) => {
    if (!able) return;
    part.hidden = false;
    scan();
  });
}
