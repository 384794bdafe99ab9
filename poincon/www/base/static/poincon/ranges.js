// The camera adds one line to the field of ranges for each cover it reads; the field does without it.

const part = document.querySelector("[data-scan-ranges]");
const LOOK_EVERY = 200;

const readsCodes = async () => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  // The class may be there without any format behind it.
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
};

const scan = () => {
  const start = part.querySelector("[data-scan-start]");
  const view = part.querySelector("[data-scan-view]");
  const video = view.querySelector("video");
  const said = view.querySelector("[data-scan-said]");
  const field = part.closest("form").querySelector("[name='plages']");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const seen = new Set();
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
    const found = stream ? await detector.detect(video) : [];
    const fresh = found.map((code) => code.rawValue).filter((value) => !seen.has(value));
    if (!fresh.length) return;
    fresh.forEach((value) => seen.add(value));
    field.value = [field.value.trim(), ...fresh].filter(Boolean).join("\n");
    said.textContent = `${seen.size} ${said.dataset.added}`;
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
