// The line, the queue and the age of what the telephone knows: always in sight, never a question.

import { isKept } from "./able.js";
import { part, piece, write } from "./pieces.js";
import { moment, say, sayMany } from "./texts.js";
import { chosenOf } from "./place.js";

/** A state younger than this, in milliseconds, is as good as new: its age would only worry. */
const FRESH = 15 * 60 * 1000;

export const ageOf = ({ lastSync }, now = new Date()) => {
  if (!lastSync) return say("no_state");
  return now - lastSync < FRESH ? say("fresh_state") : say("state_of", { moment: moment(lastSync, now) });
};

const lineOf = ({ online, waiting }) => {
  if (waiting) return sayMany("waiting", waiting);
  return say(online ? "online" : "offline");
};

/** The top of the screen: where, for what, and how the line is. */
export const drawTop = (root, engine) => {
  const { status } = engine;
  const { venue, service } = chosenOf(engine);
  part(root, "service").textContent = service?.label ?? say("choose_place");
  write(root, "venue", venue?.name).parentElement.hidden = !venue;
  root.dataset.online = status.online;
  part(root, "line").textContent = lineOf(status);
  part(root, "age").textContent = status.online && !status.waiting ? "" : ageOf(status);
  if (!status.online && status.waiting) part(root, "age").textContent = say("offline");
};

/** The same in the settings, in full sentences. */
export const drawState = (root, { status }) => {
  write(root, "state-line", say(status.online ? "online_long" : "offline_long"));
  write(root, "state-age", status.lastSync ? say("state_long", { moment: moment(status.lastSync) }) : say("no_state"));
  write(root, "state-waiting", status.waiting ? sayMany("waiting_long", status.waiting) : say("nothing_waits"));
  for (const button of root.querySelectorAll("[data-sync]")) button.disabled = status.syncing;
};

const notice = ({ tone, text, way, act }) => {
  const drawn = piece("notice");
  drawn.classList.add(`notice-${tone}`);
  write(drawn, "text", text);
  const button = write(drawn, "do", way);
  if (act) button.addEventListener("click", act);
  return drawn;
};

const hours = (seconds) => Math.max(1, Math.round(Math.abs(seconds) / 3600));

/** What the person must know before she punches on: what was refused late, a wrong clock, a full telephone. */
const needed = (status, { seeDay, update }) => {
  const told = [];
  const { leaving, waiting } = status;
  const isLeft = ["revoked", "not_enrolled"].includes(status.phase);
  if (isLeft && leaving)
    told.push({ tone: "info", text: waiting ? sayMany("left_waiting", waiting) : say("left_known_later") });
  else if (isLeft && waiting) told.push({ tone: "careful", text: sayMany("left_kept", waiting) });
  if (status.lateRefusals)
    told.push({ tone: "bad", text: sayMany("late", status.lateRefusals), way: say("see"), act: seeDay });
  if (status.clock?.wrong)
    told.push({ tone: "careful", text: sayMany(status.clock.seconds > 0 ? "ahead" : "behind", hours(status.clock.seconds)) });
  if (status.storage?.low) told.push({ tone: "careful", text: say("storage_low") });
  if (!isKept()) told.push({ tone: "careful", text: say("not_kept") });
  if (status.update) told.push({ tone: "info", text: say("update_ready"), way: say("update"), act: update });
  return told;
};

/** Draw the notices, unless they are those already shown: what is redrawn is read aloud again. */
export const drawNotices = (root, status, ways) => {
  const place = part(root, "notices");
  const told = needed(status, ways);
  const summary = told.map(({ text }) => text).join("\n");
  if (place.dataset.told === summary) return;
  place.dataset.told = summary;
  place.replaceChildren(...told.map(notice));
};
