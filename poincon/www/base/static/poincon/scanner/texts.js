// The words of the screen, which the page brings in its own language, and the way it writes times and amounts.

const language = document.documentElement.lang || "fr";
const french = language.startsWith("fr");
const known = JSON.parse(document.getElementById("scanner-textes").textContent);
const plural = new Intl.PluralRules(language);

const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));

/** The text of this key, its values put in. A key that the page does not bring is a fault of ours. */
export const say = (key, values = {}) => {
  if (!(key in known)) throw new Error(`no text is called ${key}`);
  return filled(known[key], values);
};

/** The same, in the singular or the plural of ``number``: keys "key.one" and "key.other". */
export const sayMany = (key, number, values = {}) => {
  const form = plural.select(number) === "one" ? "one" : "other";
  return say(`${key}.${form}`, { number, ...values });
};

const two = (number) => String(number).padStart(2, "0");

/** "9 h 42", as on paper. */
export const time = (date) => {
  if (!french) return `${two(date.getHours())}:${two(date.getMinutes())}`;
  const minutes = date.getMinutes() ? `\u00a0${two(date.getMinutes())}` : "";
  return `${date.getHours()}\u00a0h${minutes}`;
};

const written = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });

/** "4 mars 2026". */
export const day = (date) => written.format(date);

/** A moment, told from today: "9 h 42", or "le 3 mars à 9 h 42". */
export const moment = (date, now = new Date()) =>
  date.toDateString() === now.toDateString()
    ? say("at", { time: time(date) })
    : say("on_at", { day: short.format(date), time: time(date) });

/** Cents as "120 €" or "7,50 €". */
export const euros = (cents) =>
  new Intl.NumberFormat(language, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: cents % 100 ? 2 : 0,
  }).format(cents / 100);
