// One gesture after the other: a code is seen or typed, how many passes if it is a question, the answer in big.

import { part, piece } from "./pieces.js";
import { ask, isQuestion, remembered } from "./question.js";
import { drawVerdict, spoken } from "./verdict.js";

/**
 * ``said(text)``: read aloud at once. ``signal(outcome)``: sound and vibration. ``changed()``: something was punched.
 * → { take(text, other), idle(), show(answer), isAsking }
 */
export const openPunch = (root, { engine, said, signal, changed }) => {
  const place = part(root, "answer");
  let asking = null;
  // Gestures wait for one another: two people never get each other's answer.
  let last = Promise.resolve();

  const idle = () => {
    place.replaceChildren(piece("idle"));
    place.dataset.answered = "";
  };

  const show = (answer) => {
    place.replaceChildren(drawVerdict(answer, { undo }));
    place.dataset.answered = answer.outcome;
    said(spoken(answer));
  };

  const undo = async (answer) => {
    const undone = await engine.undo(answer.id);
    show({ ...answer, undoUntil: null, ...undone });
    changed(undone);
    // The button that had the focus is gone.
    part(root, "answer").querySelector("h3")?.setAttribute("tabindex", "-1");
    part(root, "answer").querySelector("h3")?.focus({ preventScroll: true });
  };

  const howMany = async (seen) => {
    if (!isQuestion(seen)) return undefined;
    asking = new AbortController();
    try {
      return await ask(place, seen, { usual: engine.context.passes, signal: asking.signal });
    } finally {
      asking = null;
    }
  };

  /** What a reader typed on a keyboard of another country is read as it meant it. */
  const understood = async (text, other) => {
    const seen = await engine.read(text);
    if (seen.kind !== "unreadable" || !other) return { text, seen };
    const meant = await engine.read(other);
    return meant.kind === "unreadable" ? { text, seen } : { text: other, seen: meant };
  };

  const punch = async (presented, other) => {
    const { text, seen } = await understood(presented, other);
    const passes = await howMany(seen);
    if (passes === null) return void idle();
    const answer = await engine.scan(text, { passes: passes ?? null });
    if (answer.again) return void (part(root, "answer").querySelector("article") ?? show(answer));
    show(answer);
    signal(answer.outcome);
    changed(answer);
    if (passes) await remember(passes, seen);
  };

  const remember = async (chosen, seen) => {
    const kept = remembered(chosen, seen);
    if (kept && kept.passes !== engine.context.passes) await engine.setContext({ ...engine.context, ...kept });
  };

  const take = (text, other = "") => {
    // A question waits for its answer: another code is not one.
    if (asking) return last;
    last = last.then(() => punch(text, other)).catch((error) => reportError(error));
    return last;
  };

  idle();
  return {
    take,
    idle,
    giveUp: () => asking?.abort(),
    get isAsking() {
      return asking !== null;
    },
  };
};
