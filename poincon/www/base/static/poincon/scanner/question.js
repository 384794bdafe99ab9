// How many passes of a whole booklet: one press on a number, or Enter for the price of the service.

import { part, piece, write } from "./pieces.js";
import { sayMany } from "./texts.js";

/** Above this price, numbers are too many to be buttons. */
const MOST_BUTTONS = 6;
const MOST_PASSES = 20;

const buttons = (highest, usual, choose) =>
  Array.from({ length: highest }, (_, rank) => rank + 1).map((number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn ${number === usual ? "btn-primary" : "btn-quiet"}`;
    button.textContent = sayMany("punch", number);
    button.addEventListener("click", () => choose(number));
    return button;
  });

const field = (highest, usual, choose) => {
  const form = document.createElement("form");
  const input = Object.assign(document.createElement("input"), { type: "number", min: 1, max: highest, value: usual });
  input.setAttribute("aria-labelledby", "combien");
  const [button] = buttons(1, 1, () => {});
  button.type = "submit";
  form.append(input, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(input.valueAsNumber || usual);
  });
  input.addEventListener("input", () => (button.textContent = sayMany("punch", input.valueAsNumber || usual)));
  return form;
};

/** Keys closer than this, in milliseconds, are those of a reader of codes: another code answers no question. */
const HAND = 60;

const BOUNDS = { price: "bound_price", session: "bound_session", day: "bound_day" };

/** The most one may punch at once, as far as is known. */
const highestOf = ({ most }) => most ?? MOST_PASSES;

/** Whether the number of passes is a question: of a whole booklet, always, unless none can be punched any more. */
export const isQuestion = (seen) => ["cover", "number"].includes(seen.kind) && !seen.position && highestOf(seen) > 0;

/** Why no more than that, in plain words; what is left of the booklet is said already. */
const reasonOf = ({ bound, most }) => (bound in BOUNDS ? sayMany(BOUNDS[bound], most) : "");

/** Which number this key answers, null for none of them, undefined when it is no answer. */
const answerOfKey = (key, highest) => {
  if (key === "Escape") return null;
  const number = /^[1-9]$/.test(key) ? Number(key) : 0;
  return number && number <= highest ? number : undefined;
};

const followKeys = (drawn, highest, resolve) => {
  let last = -Infinity;
  drawn.addEventListener("keydown", (event) => {
    const byReader = event.timeStamp - last < HAND;
    last = event.timeStamp;
    const answer = byReader ? undefined : answerOfKey(event.key, highest);
    if (!byReader && answer === undefined) return;
    // The key has answered: it is not the beginning of a number. That of a reader presses no button.
    event.preventDefault();
    event.stopPropagation();
    if (answer !== undefined) resolve(answer);
  });
};

/**
 * Ask, in ``place``. → Promise of the number, or null for none. ``usual``: what Enter answers.
 * ``signal``: given up when it is aborted.
 */
export const ask = (place, seen, { usual, signal }) =>
  new Promise((resolve) => {
    const drawn = piece("question");
    const highest = highestOf(seen);
    const proposed = Math.min(usual ?? seen.price ?? 1, highest);
    write(drawn, "number", seen.number);
    write(drawn, "left", seen.left === null ? "" : sayMany("left", seen.left));
    write(drawn, "reason", reasonOf(seen));
    const ways = part(drawn, "ways");
    const areButtons = highest <= MOST_BUTTONS;
    if (areButtons) ways.append(...buttons(highest, proposed, resolve));
    else ways.append(field(highest, proposed, resolve));
    // In a field, a digit is the beginning of a number.
    followKeys(drawn, areButtons ? highest : 0, resolve);
    part(drawn, "none").addEventListener("click", () => resolve(null));
    signal.addEventListener("abort", () => resolve(null));
    place.replaceChildren(drawn);
    (drawn.querySelector(".btn-primary") ?? drawn.querySelector("input")).focus();
  });

/** What to propose next time: a number chosen under the price is remembered, the price itself needs no memory. */
export const remembered = (chosen, { price, most }) => {
  const wasFree = price !== null && most !== null && most >= price;
  return wasFree ? { passes: chosen === price ? null : chosen } : null;
};
