// The answer in big: a word, a shape, a colour, the booklet as it looks now, and the way to undo.

import { part, piece, write } from "./pieces.js";
import { day, say, sayMany, time } from "./texts.js";

/** A booklet of more passes than this is told in words: its picture would be too small to be read. */
const MOST_DRAWN = 20;

const stateOf = (answer) => (answer.state === "annulled" ? "annulled" : answer.outcome);

/**
 * The booklet as this answer tells it: as many coupons as passes, as many holes as uses, the new ones still warm. Without
 * numbers: which passes were used before is not told, only how many.
 */
const drawPasses = (picture, { size, left, positions, outcome }) => {
  picture.hidden = !size || size > MOST_DRAWN || outcome === "refused" || left === null;
  if (picture.hidden) return;
  picture.setAttribute("aria-label", say("left_of", { left, size }));
  const used = size - left;
  for (let rank = 0; rank < size; rank += 1) {
    const coupon = document.createElement("i");
    if (rank < used) coupon.className = rank < used - positions.length ? "used" : "used now";
    picture.append(coupon);
  }
};

/** What is read aloud: everything that matters, once, in the order of the screen. */
export const spoken = (answer) =>
  [answer.title, answer.sentence, answer.nextStep, answer.number && say("booklet", { number: answer.number })]
    .filter(Boolean)
    .map((text) => text.replace(/\.?$/, "."))
    .join(" ");

/** The answer as a piece of page; ``undo(answer)`` is called by its button, while it may be undone. */
export const drawVerdict = (answer, { undo }) => {
  const drawn = piece("verdict");
  drawn.dataset.outcome = stateOf(answer);
  if (answer.verified === false) drawn.dataset.unverified = "";
  part(drawn, "title").textContent = answer.title;
  write(drawn, "sentence", answer.sentence);
  write(drawn, "next", answer.nextStep);
  write(drawn, "number", answer.number);
  write(drawn, "positions", positionsOf(answer));
  write(drawn, "until", answer.validUntil ? say("valid_until", { day: day(new Date(answer.validUntil)) }) : "");
  drawPasses(part(drawn, "passes"), answer);
  offerUndo(drawn, answer, undo);
  return drawn;
};

/** "pass 4", "pass 4 et 5"; nothing for a whole booklet that was refused. */
export const positionsOf = ({ positions }) =>
  positions?.length ? sayMany("positions", positions.length, { positions: positions.join(", ") }) : "";

const offerUndo = (drawn, answer, undo) => {
  const button = part(drawn, "undo");
  const foot = button.parentElement;
  foot.hidden = !mayUndo(answer);
  if (foot.hidden) return;
  write(drawn, "undo-until", say("undo_until", { time: time(answer.undoUntil) }));
  button.addEventListener("click", () => undo(answer));
  window.setTimeout(() => (foot.hidden = true), answer.undoUntil - Date.now());
};

/** Whether this punch may still be undone from here. */
export const mayUndo = ({ undoUntil, state }, now = Date.now()) =>
  Boolean(undoUntil) && undoUntil > now && (state === "confirmed" || state === "waiting");
