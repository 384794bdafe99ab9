// Which passes are used, one bit each: bit (rank − 1) × size + position − 1, least significant first.

export const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const bitOf = (size, rank, position) => (rank - 1) * size + position - 1;

export const isUsed = (bytes, size, rank, position) => {
  const bit = bitOf(size, rank, position);
  return ((bytes[bit >> 3] >> (bit & 7)) & 1) === 1;
};

// The used positions of one booklet, in order.
export const usedPositions = (bytes, size, rank) => {
  const used = [];
  for (let position = 1; position <= size; position += 1) {
    if (isUsed(bytes, size, rank, position)) used.push(position);
  }
  return used;
};

// Writes the whole state of one booklet: its used passes, one bit a position, in hexadecimal (sixty passes do not fit
// the numbers of JavaScript).
export const writeBooklet = (bytes, size, rank, hexadecimal) => {
  const mask = BigInt(`0x${hexadecimal}`);
  for (let position = 1; position <= size; position += 1) {
    const bit = bitOf(size, rank, position);
    const used = Number((mask >> BigInt(position - 1)) & 1n);
    bytes[bit >> 3] = (bytes[bit >> 3] & ~(1 << (bit & 7))) | (used << (bit & 7));
  }
};

// The bitmaps after an answer of the server: { batch: { bytes, blocked: [ranks] } }, and the batches that changed.
// What was kept is changed in place, except where the answer carries a whole bitmap.
export const withChanges = (kept, state) => {
  const bitmaps = new Map();
  const touched = new Set();
  const sizes = new Map();
  for (const batch of state.batches) {
    sizes.set(batch.id, batch.size);
    const whole = batch.used !== undefined && batch.blocked !== undefined;
    if (whole) touched.add(batch.id);
    const bitmap = whole ? { bytes: fromBase64(batch.used), blocked: [...batch.blocked] } : kept.get(batch.id);
    if (bitmap) bitmaps.set(batch.id, bitmap);
  }
  for (const { batch, rank, used, blocked } of state.changed ?? []) {
    const bitmap = bitmaps.get(batch);
    if (!bitmap) continue;
    writeBooklet(bitmap.bytes, sizes.get(batch), rank, used);
    bitmap.blocked = bitmap.blocked.filter((other) => other !== rank);
    if (blocked) bitmap.blocked.push(rank);
    touched.add(batch);
  }
  return { bitmaps, touched };
};
