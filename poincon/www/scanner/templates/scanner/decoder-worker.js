// Reads QR codes in pictures, off the thread that draws the page. A classic worker: old telephones know no module worker.
// Served under the address of the scanner, so that the service worker answers for what it loads.
/* global ZXingWASM */

const LIBRARY = "{{ static_url }}vendor/zxing-wasm/zxing_reader.js";
const PROGRAM = "{{ static_url }}vendor/zxing-wasm/zxing_reader.wasm";

importScripts(LIBRARY);
// Left to itself, the library would fetch its program from another site.
const overrides = { locateFile: () => new URL(PROGRAM, self.location).href };
const prepared = ZXingWASM.prepareZXingModule({ overrides, fireImmediately: true });
prepared.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ broken: String(error) }),
);

/** At most: an open sheet shows ten codes, and we only need to know that the one in the middle is not alone. */
const MOST_CODES = 4;
const WAYS = [
  // What nearly always reads, in a few milliseconds.
  { formats: ["QRCode"], maxNumberOfSymbols: MOST_CODES, tryHarder: true, tryInvert: false, tryDownscale: true },
  // Small, blurred or dirty, white on black: the next picture of the same scene is looked at harder.
  { formats: ["QRCode"], maxNumberOfSymbols: MOST_CODES, tryHarder: true, tryInvert: true, tryDenoise: true },
];

let looked = 0;
let canvas = null;

const pixelsOf = (bitmap) => {
  canvas ??= new OffscreenCanvas(1, 1);
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
};

const seen = ({ text, position }) => {
  const corners = [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft];
  return { text, corners: corners.map(({ x, y }) => ({ x, y })) };
};

const read = async ({ bitmap, pixels }) => {
  const way = WAYS[looked % WAYS.length];
  looked += 1;
  const found = await ZXingWASM.readBarcodes(pixels ?? pixelsOf(bitmap), way);
  return found.filter((code) => code.isValid).map(seen);
};

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ id: data.id, codes: await read(data) });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error) });
  }
});
