// The sentences of the server, filled in. The state of the device brings them; nothing to be read aloud is written
// here.

const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");

// "2026-03-01" as the server writes it: "1er mars 2026".
export const writtenDay = (day) => {
  const [year, month, date] = day.split("-").map(Number);
  return `${date === 1 ? "1er" : date} ${MONTHS[month - 1]} ${year}`;
};

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// { sentence, nextStep } of a code.
export const say = (sentences, code, values = {}) => {
  const said = sentences?.[code] ?? { sentence: code, next_step: "" };
  return { sentence: filled(said.sentence, values), nextStep: filled(said.next_step, values) };
};
