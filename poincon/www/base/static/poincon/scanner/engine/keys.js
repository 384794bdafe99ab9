// Whether a code was signed by a key of the funder: by the browser itself or, where it does not know Ed25519 (before
// 2025), by @noble/ed25519, which answers the same in ten times as long.

const bytesOf = (hexadecimal) => Uint8Array.from(hexadecimal.match(/../g), (pair) => Number.parseInt(pair, 16));

const imported = new Map();

const importKey = (publicHex) => {
  if (!imported.has(publicHex)) {
    imported.set(publicHex, crypto.subtle.importKey("raw", bytesOf(publicHex), { name: "Ed25519" }, false, ["verify"]));
  }
  return imported.get(publicHex);
};

const byBrowser = async (publicHex, packed, signature) =>
  crypto.subtle.verify({ name: "Ed25519" }, await importKey(publicHex), signature, packed);

const byLibrary = async (publicHex, packed, signature) => {
  const { verifyAsync } = await import("../../../vendor/noble-ed25519/index.js");
  return verifyAsync(signature, packed, bytesOf(publicHex), { zip215: false });
};

// A key that any browser able of Ed25519 takes: the base point of the curve.
const BASE_POINT = `58${"66".repeat(31)}`;

let chosen = null;

const choose = async () => {
  try {
    await importKey(BASE_POINT);
    return byBrowser;
  } catch {
    return byLibrary;
  }
};

// Whether signature (64 bytes) is that of the 16 bytes packed by the key (hexadecimal). Never throws for a bad code.
export const isAuthentic = async (publicHex, packed, signature) => {
  chosen ??= choose();
  try {
    return await (
      await chosen
    )(publicHex, packed, signature);
  } catch {
    return false;
  }
};

export const verifiers = { byBrowser, byLibrary };
