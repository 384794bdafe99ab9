// The screen of the scanner, on the engine: which view, what it shows, and what each gesture does.

import { fault, showUnable } from "./able.js";
import { drawDay, drawGroup } from "./day.js";
import { open } from "./engine.js";
import { beginGroup, ofTheGroup } from "./group.js";
import { openLens } from "./lens.js";
import { followReader, openNumber } from "./number.js";
import { part } from "./pieces.js";
import { chooseTheOnly, chosenOf, drawPlaces } from "./place.js";
import { openPreferences } from "./preferences.js";
import { openPunch } from "./punch.js";
import { signal, wakeAtFirstGesture } from "./signals.js";
import { drawSlip } from "./slip.js";
import { openDevice, openStart } from "./start.js";
import { drawNotices, drawState, drawTop } from "./state.js";
import { say } from "./texts.js";
import { openViews } from "./views.js";

const root = document.getElementById("scanner");
/** The age of the state is written again this often, in milliseconds. */
const MINUTE = 60 * 1000;

let engine = null;
let parts = null;

// The same words twice are read aloud twice only when the place was emptied in between.
const sayIn = (name) => (text) => {
  part(root, name).textContent = "";
  window.setTimeout(() => (part(root, name).textContent = text), 30);
};
const said = sayIn("said");
const quietly = sayIn("quiet-said");

const group = () => ofTheGroup(engine.today());

const draw = {
  punch: () => drawGroup(root, group()),
  place: () =>
    drawPlaces(root, {
      engine,
      onChosen: () => {
        drawTop(root, engine);
        quietly(say("place_chosen"));
        parts.views.go("punch");
      },
    }),
  day: () => drawDay(root, { engine, onChanged: changed }),
  slip: () => drawSlip(root, { engine, answers: group() }),
  settings: () => {
    drawState(root, engine);
    parts.device.draw();
  },
  start: () => parts.start.follow(engine.status.phase),
};

const changed = (answer) => {
  if (answer?.outcome === "refused" && parts.views.shown === "day") said([answer.sentence, answer.nextStep].join(" "));
  follow();
};

/** Something of the engine changed: the top, the notices, and the view that is shown. */
const follow = () => {
  if (!parts) return;
  const { status } = engine;
  drawTop(root, engine);
  drawNotices(root, status, { seeDay: () => parts.views.go("day"), update: () => engine.update() });
  parts.start.follow(status.phase);
  if (status.phase !== "ready") return void parts.views.hold("start");
  if (parts.views.isHeld) begin();
  else draw[parts.views.shown]();
};

const begin = async () => {
  parts.views.release();
  if (!chosenOf(engine).service && !(await chooseTheOnly(engine))) parts.views.go("place");
  drawTop(root, engine);
};

const showMode = (mode) => {
  root.dataset.mode = mode;
  parts.lens.follow();
};

const setMode = (mode) => {
  parts.punch.giveUp();
  parts.views.go("punch");
  showMode(mode);
  if (mode === "number") parts.number.focus();
  else parts.lens.open();
};

const bindButtons = () => {
  root.addEventListener("click", async ({ target }) => {
    const mode = target.closest("[data-mode-to]")?.dataset.modeTo;
    if (mode) setMode(mode);
    if (target.closest("[data-open]")) setMode("camera");
    if (target.closest("[data-sync]")) {
      await engine.sync();
      quietly(say(engine.status.online ? "synced" : "not_synced"));
    }
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-close-group]")) {
      beginGroup();
      parts.punch.idle();
      parts.views.go("punch");
    }
  });
};

const take = (text, other) => {
  // One punches for a service at a venue: without them, the first thing to do is to choose.
  if (!chosenOf(engine).service) return void parts.views.go("place");
  parts.views.go("punch");
  parts.punch.take(text, other);
};

const openParts = () => {
  const isWanted = () => parts?.views.shown === "punch" && root.dataset.mode === "camera";
  const preferences = openPreferences(part(root, "preferences"));
  const lens = openLens(root, { onCode: (text) => take(text), isWanted });
  const punch = openPunch(root, {
    engine,
    said,
    changed,
    signal: (outcome) => signal(outcome, preferences.chosen()),
  });
  const number = openNumber(part(root, "number-form"), {
    engine,
    onText: (text, other) => {
      number.clear();
      lens.forget(text);
      take(text, other);
    },
  });
  followReader(number, {
    mayType: () => engine.status.phase === "ready" && !punch.isAsking,
    show: () => {
      parts.views.go("punch");
      // On a telephone there is room for the camera or for the field; typing says which.
      if (!number.isVisible) showMode("number");
    },
  });
  const views = openViews(root, (name) => {
    if (parts && name !== "start") draw[name]();
    if (name !== "punch") punch.giveUp();
    lens.follow();
  });
  return { views, lens, punch, number, start: openStart(root, { engine, said: quietly }), device: openDevice(root, { engine }) };
};

const start = async () => {
  engine = await open({ onChange: () => follow() });
  parts = openParts();
  bindButtons();
  follow();
  window.setInterval(() => drawTop(root, engine), MINUTE);
};

wakeAtFirstGesture();
root.dataset.started = "";
// What first.js has told already is not told again.
const isTold = "unable" in root.dataset;
const reason = isTold ? "" : fault();
if (reason) showUnable(root, reason);
else if (!isTold)
  await start().catch((error) => {
    if (engine || !(error instanceof DOMException)) throw error;
    // The database did not open: nothing can be kept on this telephone, nothing is punched with it.
    showUnable(root, "storage");
  });
