// The number one types, or that a reader of codes types: verified while it is typed, written in groups as on paper.

import { part } from "./pieces.js";
import { say, sayMany } from "./texts.js";

/** A reader types an address; a person types a number: this much is not a number any more. */
const LONGEST_NUMBER = 24;

/** "4829 1570 363Q - 0". */
const HALF_A_POSITION = 18;

/** What a keyboard of this place writes for the keys of an American one, which is what readers of codes believe in. */
const AMERICAN = {
  Digit: (code) => code.slice(5),
  Key: (code) => code.slice(3),
  Slash: () => "/",
  Period: () => ".",
  Minus: () => "-",
};

const meant = ({ code, shiftKey }) => {
  if (code === "Semicolon") return shiftKey ? ":" : ";";
  const kind = Object.keys(AMERICAN).find((name) => code.startsWith(name));
  return kind ? AMERICAN[kind](code) : "";
};

/** Keys pressed since the field was empty, as an American keyboard: a French one writes "à" where a reader meant "0". */
class Keys {
  #meant = "";

  press(event) {
    if (event.key === "Backspace") this.#meant = this.#meant.slice(0, -1);
    else if (event.key.length === 1 || event.key === "Dead") this.#meant += meant(event);
  }

  take() {
    const text = this.#meant;
    this.#meant = "";
    return text;
  }
}

/** Only what changes nothing to what was typed: groups, and the capital letter at the end. */
const grouped = (field, { written, complete }) => {
  const atEnd = field.selectionStart === field.value.length;
  if (complete && atEnd && field.value !== written) field.value = written;
};

/**
 * Bind the field. ``onText(text, other)``: Enter was pressed; ``other`` is what an American keyboard would have written.
 * → { focus(), clear(), said(sentence) }
 */
export const openNumber = (form, { engine, onText }) => {
  const field = form.querySelector("input");
  const told = part(form, "number-said");
  const keys = new Keys();

  const tell = (text, tone = "") => {
    told.textContent = text;
    form.dataset.tone = tone;
  };
  const clear = () => {
    field.value = "";
    keys.take();
    field.removeAttribute("aria-invalid");
    tell("");
  };
  const follow = () => {
    const text = field.value.trim();
    field.removeAttribute("aria-invalid");
    if (!text) return clear();
    if (text.length > LONGEST_NUMBER || text.includes("/")) return tell("");
    const typed = engine.typed(text);
    if (!typed.complete) return tell(sayMany("missing", typed.missing));
    // The number of a pass ends with its two-digit position: between the two, nothing is wrong yet.
    if (typed.written.length === HALF_A_POSITION) return tell(sayMany("missing", 1));
    if (!typed.right) {
      field.setAttribute("aria-invalid", "true");
      return tell(say("wrong_number"), "bad");
    }
    grouped(field, typed);
    return tell(say("right_number"), "good");
  };

  field.addEventListener("keydown", (event) => keys.press(event));
  field.addEventListener("input", follow);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    const other = keys.take();
    if (text) onText(text, other);
    else field.focus();
  });

  return {
    clear,
    press: (event) => keys.press(event),
    focus: () => field.focus({ preventScroll: true }),
    get isVisible() {
      return field.getClientRects().length > 0;
    },
  };
};

const EDITED = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
/** What a number or an address begins with, on any keyboard. Space and Enter stay those of buttons. */
const BEGINS = /^[0-9a-z&é"'(§è!çà_-]$/i;

/**
 * A reader of codes types wherever the page is: what it types goes to the field. ``mayType()``: whether it may now;
 * ``show()``: makes the field visible.
 */
export const followReader = (number, { mayType, show }) => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !BEGINS.test(event.key)) return;
    if (event.target.closest?.(EDITED) || !mayType()) return;
    number.clear();
    show();
    number.press(event);
    // The key itself is written in the field, now that the field is where one types.
    number.focus();
  });
};
