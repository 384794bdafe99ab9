// What time it is: the device's clock, put right by that of the server at each contact.

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
// Beyond, the server refuses a scan dated ahead of it.
export const TOLERANCE = 10 * MINUTE;

// When something noted by the device really happened, in milliseconds. noted: { raw, offset, contact } are the
// device's clock, how late it was found at the last contact before, and when that contact was; now: { offset, moment
// }, as found at the contact just before it is sent. A clock may be wrong all along (both offsets say the same), go
// wrong after a contact (the new one is right), or be put right by the network just before this one (the old one is).
// What contradicts both contacts is outside.
export const momentOf = (noted, now) => {
  const candidates = [noted.raw + noted.offset, noted.raw + now.offset];
  const possible = candidates.find((moment) => noted.contact - MINUTE <= moment && moment <= now.moment + MINUTE);
  return Math.min(possible ?? Math.max(candidates[1], noted.contact), now.moment);
};

const formats = new Map();

const formatIn = (zone) => {
  if (!formats.has(zone)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
    formats.set(zone, new Intl.DateTimeFormat("en", { timeZone: zone, calendar: "gregory", ...parts }));
  }
  return formats.get(zone);
};

const partsIn = (moment, zone) => {
  try {
    return formatIn(zone).formatToParts(moment);
  } catch {
    // A zone that this browser does not know: the device's own.
    return formatIn(undefined).formatToParts(moment);
  }
};

// The day of a moment (milliseconds) in a zone, as "2026-03-04".
export const dayIn = (moment, zone) => {
  const parts = Object.fromEntries(partsIn(moment, zone).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
};
