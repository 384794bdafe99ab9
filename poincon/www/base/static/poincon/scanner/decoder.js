// Finds the QR codes of a picture: with the browser's own reader where it has one, else with ours (zxing) in a worker.
//
// openDecoder(address of the worker) → {find(video) → [{text, corners: [{x, y} × 4]}], name, close()}; corners in pixels of the video.

/** More pixels slow an old telephone down and read nothing more: a code of 27 mm fills a quarter of the picture. */
const WIDEST = 1280;
const FORMAT = "qr_code";

/** The browser's own reader, or null: the class may be there without any format behind it, or throw when asked. */
const openNative = async () => {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes(FORMAT)) return null;
    const detector = new BarcodeDetector({ formats: [FORMAT] });
    const find = async (video) =>
      (await detector.detect(video)).map(({ rawValue, cornerPoints }) => ({ text: rawValue, corners: cornerPoints }));
    return { name: "native", find, close: () => {} };
  } catch {
    return null;
  }
};

const sizeOf = ({ videoWidth, videoHeight }) => {
  const scale = Math.min(1, WIDEST / Math.max(videoWidth, videoHeight));
  return { scale, width: Math.round(videoWidth * scale), height: Math.round(videoHeight * scale) };
};

/** What the worker needs of this picture, and what is handed over to it. */
const grab = async (video, { width, height }) => {
  if ("OffscreenCanvas" in window && "createImageBitmap" in window) {
    const bitmap = await createImageBitmap(video, { resizeWidth: width, resizeHeight: height });
    return [{ bitmap }, [bitmap]];
  }
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  return [{ pixels: { data, width, height } }, [data.buffer]];
};

const openOurs = (address) => {
  const worker = new Worker(address);
  const waiting = new Map();
  let last = 0;
  const ready = new Promise((resolve, reject) => {
    worker.addEventListener("error", (event) => reject(new Error(event.message || "the decoder did not start")));
    worker.addEventListener("message", ({ data }) => {
      if (data.ready) resolve();
      if (data.broken) reject(new Error(data.broken));
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error) asked?.reject(new Error(data.error));
      else asked?.resolve(data.codes);
    });
  });
  ready.catch(() => {});

  const find = async (video) => {
    await ready;
    const size = sizeOf(video);
    const [picture, handed] = await grab(video, size);
    const codes = await new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ id: last, ...picture }, handed);
    });
    const full = ({ x, y }) => ({ x: x / size.scale, y: y / size.scale });
    return codes.map(({ text, corners }) => ({ text, corners: corners.map(full) }));
  };
  return { name: "ours", find, close: () => worker.terminate() };
};

/** A decoder that is being made ready while the person allows the camera. */
export const openDecoder = async (address) => {
  let decoder = await openNative();
  if (!decoder) return openOurs(address);
  // Some devices promise a reader and fail at each picture (no service behind it): ours takes over, for good.
  const find = async (video) => {
    try {
      return await decoder.find(video);
    } catch {
      decoder = decoder.name === "native" ? openOurs(address) : decoder;
      return decoder.find(video);
    }
  };
  return {
    find,
    get name() {
      return decoder.name;
    },
    close: () => decoder.close(),
  };
};
