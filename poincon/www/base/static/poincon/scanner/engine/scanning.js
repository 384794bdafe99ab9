// One scan, from what the camera read to what is said: on the disk first, then to the server, then answered.

import { dayIn } from "./clock.js";
import { parse, written } from "./codes.js";
import { afterDecision, answerOf, marked, newRecord, UNDO } from "./records.js";
import { batchOf, codeFault, decide, mostOf, queueFault, usedHere } from "./rules.js";
import { ids } from "./server.js";

// A code that stays in front of the camera is one gesture; each sighting prolongs it.
const SAME_GESTURE = 5_000;
// How long a person waits for the server before the device answers by itself.
const PATIENCE = 3_000;
const LOCK = "poincon-scanner-scan";

const isFull = (fault) => fault?.name === "QuotaExceededError";

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, false));

export class Scanning {
  constructor(core, sync) {
    this.core = core;
    this.sync = sync;
    this.seen = new Map();
  }

  async scan(text, passes) {
    const code = parse(text);
    const key = `${code.seen ?? text}|${passes ?? ""}`;
    const before = this.seen.get(key);
    const moment = performance.now();
    if (before && moment - before.moment < SAME_GESTURE) {
      before.moment = moment;
      return { ...this.current(await before.answer), again: true };
    }
    const entry = { moment, answer: this.take(code, text, passes) };
    this.seen.set(key, entry);
    try {
      const answer = await entry.answer;
      entry.moment = performance.now();
      entry.id = answer.id;
      return answer;
    } catch (fault) {
      this.seen.delete(key);
      throw fault;
    }
  }

  // The same answer as it stands now: the server may have confirmed it meanwhile.
  current(answer) {
    const record = answer.id && this.core.records.get(answer.id);
    return record ? this.core.answer(record) : answer;
  }

  // A pass that was given back may be scanned again at once.
  forgetGesture(id) {
    for (const [key, entry] of this.seen) {
      if (entry.id === id || performance.now() - entry.moment > SAME_GESTURE) this.seen.delete(key);
    }
  }

  // The one answer to one gesture. What is not a pass at all leaves no trace.
  async take(code, text, passes) {
    const { core } = this;
    this.forgetGesture(null);
    if (core.phase !== "ready") return this.passing(code, "device_not_ready");
    if (code.kind === "unreadable") return this.passing(code, "unreadable_code");
    if (code.kind === "mistyped") return this.passing(code, "wrong_check_character");
    if (!core.context.venue || !core.context.service) return this.passing(code, "context_missing");
    const online = core.online && navigator.onLine;
    const wanted = passes ?? (code.position ? null : core.context.passes);
    const noted = await navigator.locks.request(LOCK, () => this.noteSomewhere(code, text, wanted, online));
    if (!noted) return this.passing(code, "storage_full");
    if (online) return this.answerOnLine(noted.record, noted.decision);
    // The browser's word is believed when it says there is no network; it will say when there is one.
    if (navigator.onLine) this.sync.run();
    return core.answer(noted.record);
  }

  // Writes the scan, making room for it if need be; null when there is none: then nothing is punched.
  async noteSomewhere(code, text, passes, online) {
    const { core } = this;
    try {
      return await this.note(code, text, passes, online).catch(async (fault) => {
        if (!isFull(fault)) throw fault;
        await core.makeRoom();
        return this.note(code, text, passes, online);
      });
    } catch (fault) {
      if (!isFull(fault)) throw fault;
      core.low = true;
      core.tell();
      return null;
    }
  }

  // An answer about which nothing is kept.
  passing(code, reason, values) {
    const { core } = this;
    const about = { id: null, sequence: 0, presented: "", code, batch: null, context: core.context, passes: null };
    const record = newRecord({ ...about, at: core.now(), noted: core.noted() });
    return answerOf({ ...record, state: "refused", said: reason, values: values ?? {} }, core.sentences, core.now());
  }

  // Decides, and writes the decision. Off line a refusal is final; on line the server is asked whatever we think.
  async note(code, text, passes, online) {
    const { core } = this;
    await core.fresh();
    const decision = await this.decide(code, passes, online);
    const batch = batchOf(code, core.state);
    const at = core.now();
    const zone = core.state.programmes.get(batch?.programme)?.time_zone;
    const about = {
      id: ids.make(at),
      presented: text,
      code,
      batch,
      context: core.context,
      passes,
      day: dayIn(at, zone),
    };
    let record = null;
    await core.save((write, sequence) => {
      const fresh = newRecord({ ...about, sequence, at, noted: core.noted() });
      record = online && decision.refused ? marked({ ...fresh, said: "to_confirm" }) : afterDecision(fresh, decision);
      write.put("scans", record);
    });
    core.records.set(record.id, record);
    if (online) this.sync.flying.add(record.id);
    core.tell();
    return { record, decision };
  }

  async decide(code, passes, online) {
    const { core } = this;
    const { state, context } = core;
    const at = core.now();
    const batch = batchOf(code, state);
    const fault = await codeFault(code, state);
    const records = this.ofBooklet(code.number);
    const decision = fault ?? decide({ code, state, context, passes, at, records });
    return decision.refused || online ? decision : (this.queueFault(decision) ?? decision);
  }

  queueFault(taken, but = null) {
    const { core } = this;
    const held = core.held();
    // A scan that was just tried on line is in the queue already: it must not count against itself.
    for (const id of but?.programmes ?? []) held.set(id, held.get(id) - but.passes);
    return queueFault({ taken, state: core.state, held, heard: core.clock.contact, at: core.now() });
  }

  ofBooklet(number) {
    return [...this.core.records.values()].filter((record) => record.number === number);
  }

  // What waits of this booklet leaves first: an undo of a moment ago must not make its pass "already used".
  async sendInOrder(record) {
    const earlier = this.ofBooklet(record.number).some((other) => other.open && other.id !== record.id);
    if (earlier) await this.sync.run();
    return this.sync.sendNow(record);
  }

  async answerOnLine(record, decision) {
    const { core, sync } = this;
    await Promise.race([this.sendInOrder(record), after(PATIENCE)]);
    const now = core.records.get(record.id) ?? record;
    if (now.verdict) return core.answer(now);
    if (!core.device) return this.passing(parse(record.code), "device_not_ready");
    sync.flying.delete(record.id);
    sync.run();
    const refused = decision.refused ? decision : this.queueFault(decision, record);
    if (!refused) return core.answer(now);
    return core.answer(await this.withdraw(now, refused));
  }

  // The person is told no while the request may be on its way: should the server say yes, it is undone.
  async withdraw(record, { refused, values }) {
    const { core } = this;
    const noted = core.noted();
    const [changed] = await core.alter([record.id], (now, sequence) => {
      if (now.verdict) return null;
      const undo = { noted, sequence, state: "waiting", silent: true };
      return marked({ ...now, state: "refused", said: refused, values, positions: [], undo });
    });
    return changed ?? core.records.get(record.id);
  }

  // Gives the passes of a scan back, within a quarter of an hour; sent at once or with the queue.
  async undo(id) {
    const { core } = this;
    const asked = core.records.get(id);
    if (!asked) return this.passing({}, "scan_unknown");
    const [changed] = await core.alter([id], (record, sequence) => {
      const late = core.now() > record.at + UNDO;
      if (late || record.undo || !["waiting", "confirmed"].includes(record.state)) return null;
      const undo = { noted: core.noted(), sequence, state: "waiting", silent: false };
      return marked({ ...record, state: "annulled", undo });
    });
    if (!changed) return this.notUndone(core.records.get(id));
    this.forgetGesture(id);
    if (core.online && navigator.onLine) await Promise.race([this.sync.run(), after(PATIENCE)]);
    else this.sync.run();
    return core.answer(core.records.get(id));
  }

  notUndone(record) {
    if (record.state === "annulled") return this.core.answer(record);
    const late = ["waiting", "confirmed"].includes(record.state);
    return this.passing({}, late ? "annul_too_late" : "nothing_to_annul", { minutes: UNDO / 60_000 });
  }

  // What a text is; nothing is used.
  async read(text) {
    const { core } = this;
    const code = parse(text);
    const fault = core.state ? await codeFault(code, core.state) : null;
    const reason = fault?.refused ?? (code.kind === "mistyped" ? "wrong_check_character" : null);
    if (reason || !code.seen) return { ...NOTHING, kind: "unreadable", ...this.why(reason ?? "unreadable_code") };
    const about = { number: written(code.number, code.position), position: code.position, ...this.known(code) };
    const kind = code.kind === "typed" ? "number" : code.position ? "pass" : "cover";
    return { ...NOTHING, ...about, kind };
  }

  why(reason) {
    return { reason, ...this.core.say(reason) };
  }

  // What the state says of the booklet, and of the service chosen.
  known(code) {
    const { state, context } = this.core;
    if (!state) return {};
    const batch = batchOf(code, state);
    const offers = (state.venues.get(context.venue)?.offers ?? []).filter(
      (offer) => offer.service === context.service && (!batch || offer.programme === batch.programme),
    );
    const prices = new Set(offers.map(({ price }) => price));
    const records = this.ofBooklet(code.number);
    const isKnown = batch !== null && batch.key === code.key;
    const left = isKnown ? batch.size - usedHere(code, batch, state, records).size : null;
    return {
      price: prices.size === 1 ? [...prices][0] : null,
      size: isKnown ? batch.size : null,
      left,
      ...mostOf({ offers, left, state, context, at: this.core.now(), records }),
    };
  }
}

const NOTHING = {
  number: "",
  position: 0,
  price: null,
  size: null,
  left: null,
  most: null,
  bound: null,
  reason: null,
  sentence: "",
  nextStep: "",
};
