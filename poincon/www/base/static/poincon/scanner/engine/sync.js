// Sends what waits and fetches what changed. Everything may be cut anywhere: an identifier that was answered is
// answered the same again, and nothing leaves the queue before its own answer is on the disk.

import { isIncomplete, isState, stateToKeep } from "./knowledge.js";
import { afterUndo, afterVerdict, itemOf } from "./records.js";

export const MOST_SCANS = 1000;
// After a failure the request is made smaller, so that one scan which a server cannot digest holds back no other.
const SMALLER = 8;
// Failed alone that many times, a scan goes behind the others.
const ENOUGH = 2;
const SHORTEST = 2_000;
const LONGEST = 300_000;
const IDLE = 120_000;
const LOCK = "poincon-scanner-sync";

const failedOften = (record) => record.failures >= ENOUGH;

const inOrder = (one, other) => failedOften(one) - failedOften(other) || one.sequence - other.sequence;

// Whether the answer is that of the server in trouble, or of what stands in front of it.
const isTrouble = (answer) => answer.status >= 500 || (answer.kind === "refused" && answer.status !== 413);

export class Sync {
  constructor(core, wipe) {
    this.core = core;
    this.wipe = wipe;
    this.limit = MOST_SCANS;
    this.failures = 0;
    this.wait = 0;
    // How many times the browser said that the network went.
    this.losses = 0;
    this.flying = new Set();
  }

  start() {
    window.addEventListener("online", () => this.back());
    window.addEventListener("offline", () => this.away());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.run());
    return this.run();
  }

  stop() {
    clearTimeout(this.timer);
    this.stopped = true;
  }

  away() {
    this.losses += 1;
    this.core.online = false;
    this.core.tell();
  }

  // A round under way began without network and may end without it: what the network brings is another.
  async back() {
    await this.running;
    await this.run();
  }

  // One round now; a second call while it lasts waits for the same.
  run() {
    this.running ??= this.locked().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async locked() {
    clearTimeout(this.timer);
    // Two tabs share one queue: one of them sends it.
    await navigator.locks.request(LOCK, () => this.round());
    if (!this.stopped) this.timer = setTimeout(() => this.run(), this.delay());
  }

  delay() {
    if (!this.failures) return IDLE;
    const growing = Math.min(LONGEST, SHORTEST * 2 ** (this.failures - 1));
    // Not all the phones of a village at the same second.
    return Math.max(this.wait * 1000, growing * (0.75 + Math.random() / 2));
  }

  async round() {
    const { core } = this;
    await core.fresh();
    if (!core.device && !core.leaving.length) return;
    core.syncing = true;
    core.tell();
    try {
      const sent = core.device ? await this.exchange() : await this.sendLeft();
      const done = sent && (await this.endDevices());
      this.failures = done ? 0 : this.failures + 1;
      if (done) await core.forget();
      await core.measure();
      if (core.device) await core.keepClock();
    } catch {
      // The disk is full or gone: what is in the queue stays there, and is tried again.
      this.failures += 1;
    } finally {
      core.syncing = false;
      core.tell();
    }
  }

  async exchange() {
    // The state first: it says what time it is, without which a queue is not well dated. But whatever becomes of it,
    // the queue leaves.
    const known = await this.fetchState();
    return (await this.sendAll()) && known;
  }

  // What a device that was left still holds goes with its own token. As above, the time is asked first: nothing else
  // of the state is wanted.
  async sendLeft() {
    const { core } = this;
    if (!core.open().length) return true;
    const token = core.leaving.at(-1);
    await this.ask(`scanner/state?since=${new Date(core.clock.contact).toISOString()}`, { token });
    if (!(await this.sendAll(token))) return false;
    await core.makeRoom();
    return true;
  }

  // Devices that were left end once nothing waits any more: never the other way round.
  async endDevices() {
    const { core } = this;
    if (core.open().length) return !core.leaving.length;
    for (const token of core.leaving) {
      const answer = await this.ask("scanner/device", { token, method: "DELETE" });
      const ended = answer.kind === "answer" && Boolean(answer.body?.ended_at);
      if (ended) await core.forgetToken(token);
      else if (answer.kind !== "unknown") return false;
    }
    return true;
  }

  async ask(path, options) {
    const { core } = this;
    const token = options.token ?? core.device?.token;
    if (!token) return { kind: "away" };
    const { losses } = this;
    const answer = await core.server.ask(path, { ...options, token });
    // An answer asked for before the network went arrives after it: it says nothing of what the next one will meet.
    core.online = losses === this.losses && ["answer", "refused"].includes(answer.kind);
    this.wait = answer.kind === "later" ? answer.seconds : 0;
    // Enrolled again meanwhile, by this tab or another: the answer is about a token of before.
    if (answer.kind === "unknown" && core.device?.token === token) await this.wipe({ revoked: true });
    else if (answer.kind === "unknown" && core.leaving.includes(token)) await core.forgetToken(token);
    return answer;
  }

  // token: of a device that was left; the one in use otherwise.
  async sendAll(token) {
    for (let next = this.next(); next.scans.length || next.undo; next = this.next()) {
      const sent = next.undo ? await this.sendUndo(next.undo, { token }) : await this.sendScans(next.scans, { token });
      if (!sent) return false;
    }
    return true;
  }

  // What to send now: { undo: a record } or { scans: some }, in the order things happened.
  next() {
    const open = this.core.open().filter((record) => !this.flying.has(record.id));
    const undo = open.find((record) => record.verdict && record.undo?.state === "waiting" && !failedOften(record));
    if (undo) return { undo, scans: [] };
    const scans = [];
    for (const record of open.filter(({ verdict }) => !verdict).sort(inOrder)) {
      // A pass freed by an undo and punched again: the undo must arrive in between.
      const freed = scans.some((before) => before.number === record.number && before.undo?.sequence < record.sequence);
      if (freed || scans.length >= this.limit) break;
      scans.push(record);
    }
    if (scans.length) return { undo: null, scans };
    return { undo: open.find((record) => record.verdict && record.undo?.state === "waiting"), scans };
  }

  async sendScans(records, { patience, token } = {}) {
    const { core } = this;
    const ids = records.map(({ id }) => id);
    const now = core.present();
    const body = { scans: records.map((record) => itemOf(record, now)) };
    const answer = await this.ask("scans", { body, patience, token });
    const verdicts = answer.kind === "answer" ? verdictsFor(ids, answer.body) : null;
    if (!verdicts) return this.failed(records, answer);
    const moment = core.clock.contact;
    const settle = (record) =>
      afterVerdict(record, verdicts.get(record.id), { moment, now, told: !this.flying.has(record.id) });
    await core.alter(ids, (record) => (record.verdict ? null : settle(record)));
    this.limit = Math.min(MOST_SCANS, this.limit * SMALLER);
    return true;
  }

  // Sent at once, while the person waits: resolves once the server answered or nothing can be hoped for.
  async sendNow(record, patience) {
    this.flying.add(record.id);
    try {
      return await this.sendScans([record], { patience });
    } finally {
      this.flying.delete(record.id);
    }
  }

  async failed(records, answer) {
    const shrinks = answer.status === 413 || isTrouble(answer);
    if (!shrinks) return false;
    if (records.length > 1) {
      this.limit = Math.ceil(records.length / SMALLER);
      return true;
    }
    await this.core.alter([records[0].id], (record) => ({ ...record, failures: record.failures + 1 }));
    return false;
  }

  async sendUndo(record, { token }) {
    const { core } = this;
    const moment = itemOf({ ...record, noted: record.undo.noted }, core.present()).occurred_at;
    const body = { reason: "annulé depuis le scanner", occurred_at: moment };
    const answer = await this.ask(`scans/${record.id}/annul`, { body, token });
    const answered = answer.kind === "answer" && answer.body?.id === record.id;
    const refused = answer.kind === "refused" && [404, 409].includes(answer.status);
    if (!answered && !refused) return this.failed([record], answer);
    const problem = refused ? answer.problem : null;
    await core.alter([record.id], (now) => afterUndo(now, problem, core.clock.contact));
    return true;
  }

  async fetchState() {
    const { core } = this;
    const { kept } = core;
    const path = kept ? `scanner/state?since=${encodeURIComponent(kept.version)}` : "scanner/state";
    const answer = await this.ask(path, { tag: kept?.tag });
    if (answer.kind !== "answer") return false;
    if (answer.status === 304) return this.keepChecked();
    if (!isState(answer.body)) return this.strange();
    return this.keepState(answer);
  }

  // JSON of somebody else, with status 200.
  strange() {
    this.core.online = false;
    return false;
  }

  async keepChecked() {
    const { core } = this;
    const kept = { ...core.kept, checked: core.clock.contact };
    await core.save((write) => write.put("meta", kept, "state"));
    core.kept = kept;
    core.state.checked = kept.checked;
    return true;
  }

  async keepState({ body, tag }) {
    const { core } = this;
    const before = core.state?.bitmaps ?? new Map();
    const told = stateToKeep(body, before, { tag, checked: core.clock.contact });
    if (!body.complete && isIncomplete(told)) {
      core.kept = null;
      return this.fetchState();
    }
    await core.save((write) => {
      write.put("meta", told.kept, "state");
      write.put("meta", told.kept.sentences, "sentences");
      told.touched.forEach((id) => write.put("bitmaps", told.bitmaps.get(id), id));
      told.dropped.forEach((id) => write.remove("bitmaps", id));
    });
    await core.load();
    core.tell();
    return true;
  }
}

// The verdicts by identifier; null unless there is exactly one for each.
const verdictsFor = (ids, body) => {
  if (!Array.isArray(body?.results) || body.results.length !== ids.length) return null;
  const verdicts = new Map(body.results.map((verdict) => [verdict?.id, verdict]));
  const whole = ids.every((id) => ["accepted", "refused"].includes(verdicts.get(id)?.outcome));
  return whole ? verdicts : null;
};
