// What is printed on paper, read: docs/operate/scanner-protocol.md, and poincon/passes/codes.py for the server. Both
// are held to the same vectors, docs/operate/scanner-vectors.json.

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FORMAT_VERSION = 1;
const LARGEST_BOOKLET = 60;
const DIGITS = 11;
const PAYLOAD_BYTES = 16;
const CODE_BYTES = 80;
// Far beyond what a number takes: nobody types this, and patterns must not be fed with it.
const LONGEST_NUMBER = 100;

const CODE = new RegExp(`(?:^|/P/)([${CROCKFORD}]{128})$`);
const NUMBER = /^([0-9]{11})([0-9A-Z])([0-9]{1,2})?$/;
const NUMBER_WITH_POSITION = /^(.*?)\s*[-–·./]\s*([0-9]{1,2})\s*$/;
const BETWEEN_GROUPS = /[\s\u00a0\u202f.-]/g;
// No number holds these letters: a person who types one meant the digit.
const CONFUSED = { O: "0", I: "1", L: "1" };

// 128 Crockford characters as 80 bytes.
const decode = (text) => {
  const bytes = new Uint8Array(CODE_BYTES);
  let pending = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    pending = (pending << 5) | CROCKFORD.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (pending >> bits) & 0xff;
      pending &= (1 << bits) - 1;
    }
  }
  return bytes;
};

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Big-endian. Multiplied, not shifted: a number of booklet is longer than 32 bits.
const integerOf = (bytes) => bytes.reduce((value, byte) => value * 256 + byte, 0);

const signedCode = (text) => {
  const bytes = decode(text);
  const packed = bytes.slice(0, PAYLOAD_BYTES);
  const version = packed[0] >> 6;
  const position = packed[0] & 0b111111;
  if (version !== FORMAT_VERSION || position > LARGEST_BOOKLET) return { kind: "unreadable" };
  return {
    kind: "signed",
    key: hexOf(packed.slice(1, 5)),
    batch: integerOf(packed.slice(5, 8)),
    rank: integerOf(packed.slice(8, 11)),
    number: integerOf(packed.slice(11, 16)),
    position,
    packed,
    signature: bytes.slice(PAYLOAD_BYTES),
    // The same code whatever the site whose address carries it.
    seen: text,
  };
};

// The ISO 7064 MOD 37,36 check character of eleven digits.
export const checkCharacter = (digits) => {
  let product = 36;
  for (const digit of digits) {
    product = (((product + ALPHABET_36.indexOf(digit)) % 36 || 36) * 2) % 37;
  }
  return ALPHABET_36[(37 - product) % 36];
};

const typedNumber = (text) => {
  if (text.length > LONGEST_NUMBER) return { kind: "unreadable" };
  const separated = NUMBER_WITH_POSITION.exec(text);
  const compact = (separated ? separated[1] : text)
    .replace(BETWEEN_GROUPS, "")
    .replace(/[OIL]/g, (letter) => CONFUSED[letter]);
  const found = NUMBER.exec(compact);
  if (!found) return { kind: "unreadable" };
  const [, digits, check, tail] = found;
  if (checkCharacter(digits) !== check) return { kind: "mistyped" };
  const position = Number(tail ?? separated?.[2] ?? 0);
  return { kind: "typed", number: Number(digits), position, seen: `${digits}-${position}` };
};

// What a camera read or a person typed: { kind: "signed", key, batch, rank, number, position, packed, signature },
// { kind: "typed", number, position }, { kind: "mistyped" } or { kind: "unreadable" }. Nothing is proved yet.
export const parse = (presented) => {
  const text = presented.trim().toUpperCase();
  const code = CODE.exec(text);
  return code ? signedCode(code[1]) : typedNumber(text);
};

// A number as printed: "4829 1570 363Q", or "4829 1570 363Q - 07" for one pass.
export const written = (number, position = 0) => {
  const digits = String(number).padStart(DIGITS, "0");
  const groups = `${digits}${checkCharacter(digits)}`.match(/.{1,4}/g).join(" ");
  return position ? `${groups} - ${String(position).padStart(2, "0")}` : groups;
};

const grouped = (compact) => {
  const groups = (compact.slice(0, DIGITS + 1).match(/.{1,4}/g) ?? []).join(" ");
  return compact.length > DIGITS + 1 ? `${groups} - ${compact.slice(DIGITS + 1)}` : groups;
};

// A number while it is being typed. right: its check character fits; missing: characters still to type.
export const typing = (text) => {
  const compact = text
    .toUpperCase()
    .replace(/[OIL]/g, (letter) => CONFUSED[letter])
    .replace(/[^0-9A-Z]/g, "");
  const complete = compact.length > DIGITS;
  return {
    complete,
    right: complete && parse(text).kind === "typed",
    written: grouped(compact),
    missing: Math.max(0, DIGITS + 1 - compact.length),
  };
};
