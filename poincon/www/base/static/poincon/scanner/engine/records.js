// A record is what the device keeps of one scan; an Answer is what is shown of it (engine.js).
//
// Record { id, sequence, code, seen, number, position, batch, rank, unit, programmes, asked, venue, service, day, at,
// noted,
//          state, said, values, positions, passes, size, left, validUntil, verdict, settled, late, undo, failures,
//          open }
//   state    "waiting" | "confirmed" | "refused" | "annulled"
//   said     the code of the sentence that was given here; verdict: that of the server, which replaces it
//   noted    { raw, offset, contact }: when, by a clock that may be wrong (clock.js)
//   settled  when the server answered, by its clock; null before
//   undo     { noted, state: "waiting" | "confirmed" | "refused", silent, problem }; silent: nobody asked for it, the
//            scan was refused here while its answer was on the way
//   open     whether something is left to send

import { momentOf, MINUTE } from "./clock.js";
import { written } from "./codes.js";
import { say } from "./sentences.js";

export const UNDO = 15 * MINUTE;
// Seals of facts on the server are daily, people's questions come the same day: three days are enough here.
export const KEPT = 3 * 24 * 60 * MINUTE;
// What was never sent leaves a device that is nobody's any more: after a month no programme accepts it.
export const KEPT_UNSENT = 31 * 24 * 60 * MINUTE;

// A new record. about: { id, sequence, presented, code, batch, context, passes, day, at, noted }; batch: null when
// unknown.
export const newRecord = (about) => ({
  id: about.id,
  sequence: about.sequence,
  code: about.presented,
  seen: about.code.seen,
  number: about.code.number ?? null,
  position: about.code.position ?? 0,
  batch: about.batch?.id ?? null,
  rank: about.batch ? about.code.rank : null,
  unit: { cents: about.batch?.value ?? null, minutes: about.batch?.minutes ?? null },
  programmes: [],
  asked: about.passes,
  venue: about.context.venue,
  service: about.context.service,
  day: about.day,
  at: about.at,
  noted: about.noted,
  state: "waiting",
  said: null,
  values: {},
  positions: [],
  passes: about.passes ?? 1,
  size: about.batch?.size ?? null,
  left: null,
  validUntil: about.batch?.valid_until ?? null,
  verdict: null,
  settled: null,
  late: false,
  undo: null,
  failures: 0,
});

export const marked = (record) => ({
  ...record,
  open: record.state === "waiting" || record.undo?.state === "waiting",
});

// The record after what this device decided alone (rules.js).
export const afterDecision = (record, decision) => {
  if (decision.refused) return marked({ ...record, state: "refused", said: decision.refused, values: decision.values });
  const { taken, programmes, positions, passes, left } = decision;
  return marked({ ...record, said: taken, programmes, positions, passes, left });
};

// The record after the verdict of the server, given at moment to a scan dated by now (clock.js). told: whether
// somebody was told something else before.
export const afterVerdict = (record, verdict, { moment, told, now }) => {
  const accepted = verdict.outcome === "accepted";
  const about = verdict.booklet;
  const settledRecord = {
    ...record,
    verdict: { message: verdict.message, nextStep: verdict.next_step, reason: verdict.reason },
    settled: moment,
    at: momentOf(record.noted, now),
    size: about?.size ?? record.size,
    left: about?.left ?? record.left,
    validUntil: about?.valid_until ?? record.validUntil,
    positions: accepted ? verdict.positions : [],
    passes: accepted ? verdict.positions.length : record.passes,
  };
  if (record.undo) return afterVerdictOfAnnulled(settledRecord, accepted);
  const state = accepted ? "confirmed" : "refused";
  return marked({ ...settledRecord, state, late: !accepted && told });
};

const afterVerdictOfAnnulled = (record, accepted) => {
  // Refused by the server: there is nothing to undo, and whoever undid it expects nothing more.
  if (!accepted) return marked({ ...record, undo: { ...record.undo, state: "confirmed" } });
  return marked(record);
};

// The record once its undo is answered: problem is null, or the refusal of the server.
export const afterUndo = (record, problem, moment) => {
  if (!problem) return marked({ ...record, settled: moment, undo: { ...record.undo, state: "confirmed" } });
  const undo = { ...record.undo, state: "refused", problem: { reason: problem.code, message: problem.detail } };
  return marked({ ...record, state: "confirmed", late: true, undo: { ...undo, nextStep: problem.next_step } });
};

// What is sent of a record: an item of POST /api/v1/scans. now: { offset, moment } (clock.js).
export const itemOf = (record, now) => ({
  id: record.id,
  code: record.code,
  ...(record.asked ? { passes: record.asked } : {}),
  venue: record.venue,
  service: record.service,
  occurred_at: new Date(momentOf(record.noted, now)).toISOString(),
});

const shownState = (record) => (record.undo?.silent ? "refused" : record.state);

const OUTCOMES = { waiting: "waiting", confirmed: "accepted", refused: "refused", annulled: "accepted" };

const words = (record, sentences) => {
  if (record.undo?.state === "refused") return say(sentences, "annul_refused");
  if (record.state === "annulled" && !record.undo?.silent) {
    return say(sentences, record.undo.state === "waiting" ? "annulled_offline" : "annulled");
  }
  if (record.verdict && record.state === "confirmed") return { sentence: record.verdict.message, nextStep: "" };
  if (record.state === "waiting") return say(sentences, record.said);
  return say(sentences, record.late ? "refused_late" : "refused");
};

const refusalOf = (record, sentences) => {
  const { undo, verdict } = record;
  if (undo?.state === "refused") {
    return { reason: undo.problem.reason, sentence: undo.problem.message, nextStep: undo.nextStep };
  }
  if (shownState(record) !== "refused") return null;
  if (verdict && !undo?.silent)
    return { reason: verdict.reason, sentence: verdict.message, nextStep: verdict.nextStep };
  return { reason: record.said, ...say(sentences, record.said, record.values) };
};

// The Answer of a record. now: in milliseconds, by the clock put right.
export const answerOf = (record, sentences, now) => {
  const title = words(record, sentences);
  const refusal = refusalOf(record, sentences);
  const state = shownState(record);
  const undoable = ["waiting", "confirmed"].includes(record.state) && !record.undo && now < record.at + UNDO;
  const count = record.positions.length || record.passes;
  return {
    id: record.id,
    outcome: OUTCOMES[state],
    state,
    title: title.sentence,
    sentence: refusal?.sentence ?? "",
    nextStep: refusal?.nextStep ?? title.nextStep,
    reason: refusal?.reason ?? null,
    number: record.number === null ? "" : written(record.number, record.position),
    position: record.position,
    positions: record.positions,
    size: record.size,
    left: record.left,
    validUntil: record.validUntil,
    passes: count,
    cents: record.unit.cents === null ? null : record.unit.cents * count,
    minutes: record.unit.minutes === null ? null : record.unit.minutes * count,
    programme: record.programmes.length === 1 ? record.programmes[0] : null,
    venue: record.venue,
    service: record.service,
    at: new Date(record.at),
    undoUntil: undoable ? new Date(record.at + UNDO) : null,
    again: false,
    late: record.late,
    verified: Boolean(record.verdict) || record.said === "accepted_offline",
  };
};

// Whether a record may leave the device: settled for three days. What waits stays as long as there is whom to send it
// to.
export const isOver = (record, { now, enrolled }) => {
  const age = now - Math.max(record.at, record.settled ?? 0);
  return record.open ? !enrolled && age > KEPT_UNSENT : age > KEPT;
};
