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

/** The most one may punch at once: what the service costs, what the booklet has left. */
const highestOf = ({ price, left }) => Math.min(price ?? MOST_PASSES, left || MOST_PASSES);

/** Whether the number of passes is a question at all: a service of one pass leaves no choice. */
export const isQuestion = (seen) => ["cover", "number"].includes(seen.kind) && !seen.position && highestOf(seen) > 1;

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
    const ways = part(drawn, "ways");
    if (highest <= MOST_BUTTONS) ways.append(...buttons(highest, proposed, resolve));
    else ways.append(field(highest, proposed, resolve));
    part(drawn, "none").addEventListener("click", () => resolve(null));
    drawn.addEventListener("keydown", (event) => {
      const number = highest <= MOST_BUTTONS && /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
      if (event.key !== "Escape" && !(number && number <= highest)) return;
      // The key has answered: it is not the beginning of a number.
      event.preventDefault();
      event.stopPropagation();
      resolve(number || null);
    });
    signal.addEventListener("abort", () => resolve(null));
    place.replaceChildren(drawn);
    (drawn.querySelector(".btn-primary") ?? drawn.querySelector("input")).focus();
  });
