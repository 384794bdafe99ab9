// Opens the engine (engine.js says what it does), and holds its parts together.

import { typing } from "./codes.js";
import { Core } from "./core.js";
import { choicesOf } from "./knowledge.js";
import { askWho, enrol, wipe } from "./leaving.js";
import { Scanning } from "./scanning.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";
import { Updates } from "./updates.js";

class Engine {
  constructor(core, addresses) {
    this.core = core;
    this.addresses = addresses;
    this.synchronisation = new Sync(core, (how) => wipe(core, how));
    this.scanning = new Scanning(core, this.synchronisation);
    this.updates = new Updates(core);
  }

  get status() {
    return this.core.status;
  }

  get context() {
    return { ...this.core.context };
  }

  setContext({ venue = null, service = null, passes = null }) {
    return this.core.keepContext({ venue: venue === null ? null : Number(venue), service, passes });
  }

  choices() {
    const { core } = this;
    return core.state ? choicesOf(core.state, (code) => core.say(code)) : { venues: [], programmes: [] };
  }

  read(text) {
    return this.scanning.read(text);
  }

  typed(text) {
    return typing(text);
  }

  scan(text, { passes = null } = {}) {
    return this.scanning.scan(text, passes);
  }

  undo(id) {
    return this.scanning.undo(id);
  }

  // What happened today, and whatever of the days before still waits or was not read.
  today() {
    const { core } = this;
    const today = new Date(core.now()).toDateString();
    const shown = [...core.records.values()].filter(
      (record) => record.open || record.late || new Date(record.at).toDateString() === today,
    );
    return shown.sort((one, other) => other.sequence - one.sequence).map((record) => core.answer(record));
  }

  acknowledge(id) {
    return this.core.alter([id], (record) => ({ ...record, late: false }));
  }

  async sync() {
    await this.synchronisation.run();
    return this.status;
  }

  signedIn() {
    return askWho(this.addresses);
  }

  async enrol({ label }) {
    // A device that was left on this phone goes first: its queue is not the next one's.
    if (this.core.leaving.length) await this.synchronisation.run();
    const done = await enrol(this.core, this.addresses, { label });
    if (done.done) await this.synchronisation.run();
    return done;
  }

  async signOut({ anyway = false } = {}) {
    const waiting = this.core.waiting();
    if (waiting && !anyway) return { done: false, waiting };
    await wipe(this.core, { revoked: false });
    // The server is told as soon as it can be heard; nobody waits for that.
    this.synchronisation.back();
    return { done: true, waiting };
  }

  update() {
    this.updates.take();
  }

  close() {
    this.synchronisation.stop();
    this.core.close();
  }
}

const addressesOf = ({ api, enrolment, signIn, worker, scope }) => ({ api, enrolment, signIn, worker, scope });

export const open = async ({ onChange = () => {} } = {}) => {
  const addresses = addressesOf(document.body.dataset);
  const core = new Core(await Store.open(), { api: addresses.api, onChange });
  await core.load();
  const engine = new Engine(core, addresses);
  engine.updates.start(addresses);
  await core.forget();
  engine.synchronisation.start();
  core.tell();
  return engine;
};
