// What every part of the engine shares: what is known, what is on the disk, what time it is, who must be told.

import { TOLERANCE } from "./clock.js";
import { readState } from "./knowledge.js";
import { answerOf, isOver } from "./records.js";
import { say } from "./sentences.js";
import { Server } from "./server.js";

const CHANNEL = "poincon-scanner";
const LOW = 5_000_000;
const NO_CLOCK = { offset: 0, contact: 0 };

export class Core {
  constructor(store, { api, onChange }) {
    this.store = store;
    this.server = new Server(api, (date) => this.hear(date));
    this.onChange = onChange;
    this.online = navigator.onLine;
    this.clock = NO_CLOCK;
    this.syncing = false;
    this.update = false;
    this.low = false;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.onmessage = () => this.refresh();
  }

  // Reads the disk: at the start, and whenever another tab wrote.
  async load() {
    const { store } = this;
    const names = ["device", "state", "context", "clock", "sentences", "ended", "sequence", "leaving"];
    const [device, state, context, clock, sentences, ended, sequence, leaving] = await Promise.all(
      names.map((name) => store.meta(name)),
    );
    this.device = device ?? null;
    this.kept = state ?? null;
    this.state = readState(this.kept, await store.bitmaps());
    this.context = context ?? { venue: null, service: null, passes: null };
    // The last contact is the best, whichever tab had it.
    if (clock && clock.contact > this.clock.contact) this.clock = clock;
    this.sentences = state?.sentences ?? sentences ?? null;
    // How the device was left, when it is enrolled no more: { revoked, operator }.
    this.ended = ended ?? null;
    // The tokens of devices that were left, which the server does not know yet, oldest first.
    this.leaving = leaving ?? [];
    this.records = new Map((await store.scans()).map((record) => [record.id, record]));
    this.sequence = sequence ?? 0;
  }

  // What another tab wrote since is read before anything is decided on it.
  async fresh() {
    if ((await this.store.sequence()) !== this.sequence) await this.load();
  }

  async refresh() {
    await this.fresh();
    this.tell();
  }

  // Changes the disk, then what is shared. work: as in Store.change.
  async save(work) {
    const sequence = await this.store.change(work);
    if (sequence === this.sequence + 1) this.sequence = sequence;
    else await this.load();
    this.channel.postMessage("changed");
    this.tell();
  }

  // Changes some records, each from what the disk says of it now. change(record, sequence): the new record, or null.
  async alter(ids, change) {
    const changed = [];
    await this.save(async (write, sequence) => {
      for (const id of ids) {
        const before = await write.scan(id);
        const after = before && change(before, sequence);
        if (!after) continue;
        write.put("scans", after);
        changed.push(after);
      }
    });
    for (const record of changed) this.records.set(record.id, record);
    if (changed.length) this.tell();
    return changed;
  }

  async keepContext(context) {
    this.context = context;
    await this.save((write) => write.put("meta", context, "context"));
  }

  // The server was heard: its clock is the right one.
  hear(date) {
    // A date of the server names a whole second: its middle is the best guess.
    const contact = date + 500;
    this.clock = { offset: contact - Date.now(), contact };
  }

  keepClock() {
    return this.save((write) => write.put("meta", this.clock, "clock"));
  }

  now() {
    // Time does not go back: a clock put back by hand must not make yesterday of today.
    return Math.max(Date.now() + this.clock.offset, this.clock.contact);
  }

  // What momentOf needs to know of this moment.
  present() {
    return { offset: this.clock.offset, moment: Date.now() + this.clock.offset };
  }

  noted() {
    return { raw: Date.now(), ...this.clock };
  }

  say(code, values) {
    return say(this.sentences, code, values);
  }

  answer(record) {
    return answerOf(record, this.sentences, this.now());
  }

  // What was never answered, for each programme, in passes.
  held() {
    const held = new Map();
    for (const record of this.records.values()) {
      if (record.state !== "waiting") continue;
      for (const id of record.programmes) held.set(id, (held.get(id) ?? 0) + record.passes);
    }
    return held;
  }

  open() {
    return [...this.records.values()].filter((record) => record.open);
  }

  // What somebody was told waits: not the requests that only make sure of a refusal.
  waiting() {
    return this.open().filter((record) => !record.undo?.silent).length;
  }

  // A device that was left is one no more for the server either: nothing is left to tell.
  async forgetToken(token) {
    let others = [];
    await this.save(async (write) => {
      others = ((await write.meta("leaving")) ?? []).filter((one) => one !== token);
      write.put("meta", others, "leaving");
    });
    // Once the disk has it: what is told as left is left.
    this.leaving = others;
    this.tell();
  }

  // What is old leaves the device: nothing of a day is kept beyond three.
  async forget() {
    const present = { now: this.now(), enrolled: Boolean(this.device) };
    const over = [...this.records.values()].filter((record) => isOver(record, present)).map(({ id }) => id);
    if (!over.length) return;
    await this.save((write) => over.forEach((id) => write.remove("scans", id)));
    over.forEach((id) => this.records.delete(id));
  }

  // Nearly full: what is settled, read and of no more use than to be looked at makes room.
  async makeRoom() {
    const settled = [...this.records.values()].filter((record) => !record.open && !record.late).map(({ id }) => id);
    await this.save((write) => settled.forEach((id) => write.remove("scans", id)));
    settled.forEach((id) => this.records.delete(id));
  }

  async measure() {
    const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
    this.low = quota !== undefined && quota - usage < LOW;
  }

  get phase() {
    if (!this.device) return this.ended?.revoked ? "revoked" : "not_enrolled";
    return this.state ? "ready" : "preparing";
  }

  get status() {
    const { device, clock } = this;
    return {
      phase: this.phase,
      online: this.online,
      syncing: this.syncing,
      lastSync: this.state ? new Date(this.state.checked) : null,
      waiting: this.waiting(),
      lateRefusals: [...this.records.values()].filter((record) => record.late).length,
      device: device && { label: device.label, operator: device.operator.name, person: device.person },
      clock: { wrong: Math.abs(clock.offset) > TOLERANCE, seconds: Math.round(-clock.offset / 1000) },
      storage: { low: this.low },
      update: this.update,
      leaving: this.leaving.length > 0,
    };
  }

  tell() {
    this.onChange(this.status);
  }

  close() {
    this.channel.close();
    this.store.close();
  }
}
