// What a device can decide by itself, in the order of the server (poincon/passes/rules.py): the first rule that does
// not hold is the reason. What it cannot know (who holds a booklet, the ceiling of a person elsewhere) is left to the
// server.

import { usedPositions } from "./bitmap.js";
import { DAY, dayIn } from "./clock.js";
import { isAuthentic } from "./keys.js";
import { writtenDay } from "./sentences.js";

const refused = (code, values = {}) => ({ refused: code, values });

const within = (day, { first_day: first, last_day: last }) => first <= day && (!last || day <= last);

// Why a code is not read or not authentic, as far as this device knows. A key it does not know may be newer than its
// last synchronisation: that is no refusal.
export const codeFault = async (code, state) => {
  if (code.kind === "unreadable") return refused("unreadable_code");
  if (code.kind === "mistyped") return refused("wrong_check_character");
  if (code.kind !== "signed") return null;
  const key = state.keys.get(code.key);
  if (!key) return null;
  if (!(await isAuthentic(key.public_key, code.packed, code.signature))) return refused("forged_signature");
  return key.revoked ? refused("revoked_key") : null;
};

// The batch that a code names; null when it is not known here, or when nothing proves the code.
export const batchOf = (code, state) => {
  if (code.kind !== "signed" || !state.keys.has(code.key)) return null;
  return state.batches.get(code.batch) ?? null;
};

const bookletFault = (code, batch, state) => {
  // A genuine signature over other facts than the server's: the code of a copy of this instance.
  if (batch.key !== code.key || code.rank < 1 || code.rank > batch.quantity) return refused("forged_signature");
  if (code.position > batch.size) {
    return refused("position_out_of_range", { size: batch.size, position: code.position });
  }
  return state.bitmaps.get(batch.id)?.blocked.includes(code.rank) ? refused("blocked_booklet") : null;
};

const dayFault = (batch, programme, day) => {
  if (day < batch.valid_from) return refused("not_yet_valid", { day: writtenDay(batch.valid_from) });
  if (day > batch.refused_after) return refused("expired", { day: writtenDay(batch.refused_after) });
  return programme.suspended.some((days) => within(day, days)) ? refused("programme_suspended") : null;
};

const operatorFault = (programme, day) => {
  const { qualified_from: from, qualified_until: until } = programme;
  const qualified = from && from <= day && (!until || day <= until);
  if (!qualified || programme.not_qualified.some((days) => within(day, days))) return refused("operator_not_qualified");
  return programme.mediator ? refused(programme.mediator) : null;
};

const offerOf = (venue, programme, service, day) =>
  venue.offers.find(
    (offer) =>
      offer.programme === programme.id && offer.service === service && (!offer.ended_on || day < offer.ended_on),
  );

// The offer of the context in a programme: { offer } or why there is none.
const offered = (state, context, programme, day) => {
  const venue = state.venues.get(context.venue);
  if (!venue) return refused("venue_unknown");
  if (venue.closed_on && day >= venue.closed_on) return refused("venue_closed", { day: writtenDay(venue.closed_on) });
  const offer = offerOf(venue, programme, context.service, day);
  if (offer?.refused) return refused(offer.refused);
  if (!programme.services.includes(context.service)) return refused("service_outside_programme");
  return offer ? { offer } : refused("service_not_offered");
};

// The date of an answer names a second, of which we keep the middle: the server answered at most this much later.
const HALF_A_SECOND = 500;

// Whether what this device did may not yet be in the state it holds.
const isNews = (record, state) =>
  record.settled === null || record.settled + HALF_A_SECOND >= state.version || record.undo?.state === "waiting";

// What this device did with a booklet since the state it holds: the passes it used, and those it freed by an undo.
const overlay = (records, state) => {
  const used = new Set();
  const freed = new Set();
  const news = records.filter((record) => isNews(record, state));
  for (const record of news.sort((one, other) => one.sequence - other.sequence)) {
    const givenBack = record.state === "annulled" || record.undo?.state === "confirmed";
    const [into, outOf] = givenBack ? [freed, used] : [used, freed];
    for (const position of record.positions) {
      into.add(position);
      outOf.delete(position);
    }
  }
  return { used, freed };
};

// The positions of a booklet that are used, as far as this device knows.
export const usedHere = (code, batch, state, records) => {
  const bitmap = state.bitmaps.get(batch.id);
  const { used, freed } = overlay(records, state);
  const before = bitmap ? usedPositions(bitmap.bytes, batch.size, code.rank).filter((one) => !freed.has(one)) : [];
  return new Set([...before, ...used]);
};

const firstUnused = (used, size, count) => {
  const found = [];
  for (let position = 1; position <= size && found.length < count; position += 1) {
    if (!used.has(position)) found.push(position);
  }
  return found;
};

// The passes to use: { positions } or why not.
const passesOf = (code, batch, offer, asked, used) => {
  const count = asked ?? (code.position ? 1 : offer.price);
  if (code.position && count !== 1) return refused("one_pass_code", { asked: count });
  if (count > offer.price) return refused("above_price", { price: offer.price, asked: count });
  if (code.position) return used.has(code.position) ? refused("already_used") : { positions: [code.position] };
  const left = batch.size - used.size;
  if (left < count) return refused("not_enough_passes", { left, asked: count });
  return { positions: firstUnused(used, batch.size, count) };
};

const countOf = (record) => record.positions.length || record.passes;

// How many more passes of this very booklet the ceilings leave, after those that this very device punched.
const roomUnderCeilings = (programme, price, context, day, records) => {
  const today = records.filter((record) => record.day === day && ["waiting", "confirmed"].includes(record.state));
  const session = today.filter((record) => record.venue === context.venue && record.service === context.service);
  const passes = (some) => some.reduce((total, record) => total + countOf(record), 0);
  return {
    day: (programme.max_passes_per_day ?? Infinity) - passes(today),
    session: (programme.max_passes_per_session ?? price) - passes(session),
  };
};

const ceilingFault = (programme, offer, context, day, count, records) => {
  const room = roomUnderCeilings(programme, offer.price, context, day, records);
  if (count > room.day) return refused("day_ceiling", { ceiling: programme.max_passes_per_day });
  const ceiling = programme.max_passes_per_session ?? offer.price;
  return count > room.session ? refused("session_ceiling", { ceiling }) : null;
};

// The most passes of a whole booklet that the server may accept at once, as far as this device knows, and what bounds
// them: { most, bound }, "price", "left", "session" or "day". offers: those of the service chosen, one for each
// programme that the booklet may be of; left: null when unknown.
export const mostOf = ({ offers, left, state, context, at, records }) => {
  if (!offers.length) return { most: null, bound: null };
  const bounds = [["price", Math.max(...offers.map(({ price }) => price))]];
  if (left !== null) bounds.push(["left", left]);
  const programme = offers.length === 1 ? state.programmes.get(offers[0].programme) : null;
  if (programme) {
    const day = dayIn(at, programme.time_zone);
    bounds.push(...Object.entries(roomUnderCeilings(programme, offers[0].price, context, day, records)).reverse());
  }
  const [bound, most] = bounds.reduce((least, one) => (one[1] < least[1] ? one : least));
  return { most: Math.max(0, most), bound };
};

// What may be said of a code of a known batch: { refused, values }, or { taken } and what it is made of.
// records: those of this booklet on this device.
const decideKnown = ({ code, batch, state, context, passes, at, records }) => {
  const programme = state.programmes.get(batch.programme);
  const day = dayIn(at, programme.time_zone);
  const fault = bookletFault(code, batch, state) ?? dayFault(batch, programme, day) ?? operatorFault(programme, day);
  if (fault) return fault;
  const { offer, ...none } = offered(state, context, programme, day);
  if (!offer) return none;
  const used = usedHere(code, batch, state, records);
  const wanted = passesOf(code, batch, offer, passes, used);
  if (wanted.refused) return wanted;
  const ceiling = ceilingFault(programme, offer, context, day, wanted.positions.length, records);
  if (ceiling) return ceiling;
  return {
    taken: "accepted_offline",
    programmes: [programme.id],
    positions: wanted.positions,
    passes: wanted.positions.length,
    left: batch.size - used.size - wanted.positions.length,
    day,
  };
};

// A number, or a booklet newer than the state: which programmes it may be of, at most how many passes it takes.
const decideUnknown = ({ code, state, context, passes, at, records }) => {
  const venue = state.venues.get(context.venue);
  if (!venue) return refused("venue_unknown");
  const possible = [];
  let fault = null;
  for (const programme of state.programmes.values()) {
    const day = dayIn(at, programme.time_zone);
    const found = operatorFault(programme, day) ?? offered(state, context, programme, day);
    if (found.offer) possible.push({ programme, offer: found.offer, day });
    else fault ??= found;
  }
  if (!possible.length) return fault ?? refused("service_not_offered");
  return takenUnread({ code, passes, possible, context, records });
};

const takenUnread = ({ code, passes, possible, context, records }) => {
  const [{ programme, offer, day }] = possible;
  const price = Math.max(...possible.map((one) => one.offer.price));
  const count = passes ?? (code.position ? 1 : price);
  if (code.position && count !== 1) return refused("one_pass_code", { asked: count });
  if (count > price) return refused("above_price", { price, asked: count });
  const mine = records.filter((record) => ["waiting", "confirmed"].includes(record.state));
  if (mine.some((record) => record.positions.includes(code.position))) return refused("already_used");
  const ceiling = possible.length === 1 ? ceilingFault(programme, offer, context, day, count, records) : null;
  if (ceiling) return ceiling;
  return {
    taken: code.kind === "typed" ? "number_offline" : "booklet_newer",
    programmes: possible.map((one) => one.programme.id),
    positions: code.position ? [code.position] : [],
    passes: count,
    left: null,
    day,
  };
};

// The answer of this device, off line: { refused, values } or { taken, programmes, positions, passes, left, day }.
export const decide = (attempt) => {
  const batch = batchOf(attempt.code, attempt.state);
  return batch ? decideKnown({ ...attempt, batch }) : decideUnknown(attempt);
};

// Why a scan may not wait on this device, for one of the programmes it may be of. held: the passes that wait, by
// programme; heard: when the server was last heard.
export const queueFault = ({ taken, state, held, heard, at }) => {
  for (const id of taken.programmes) {
    const programme = state.programmes.get(id);
    if (!programme.offline_max_days) return refused("offline_not_allowed");
    if (at - heard > programme.offline_max_days * DAY) {
      return refused("offline_too_long", { day: writtenDay(dayIn(heard, programme.time_zone)) });
    }
    const most = programme.offline_max_passes;
    if ((held.get(id) ?? 0) + taken.passes > most) return refused("offline_queue_full", { most });
  }
  return null;
};
