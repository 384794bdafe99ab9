// The slip of a group: made on the device, printed by the browser, the same with or without a network.

import { stateWord } from "./day.js";
import { totals } from "./group.js";
import { facts, make, part, write } from "./pieces.js";
import { chosenOf } from "./place.js";
import { day, euros, say, sayMany, time } from "./texts.js";

const unique = (values) => [...new Set(values.filter(Boolean))].join(", ");

const numberOf = (answer) => {
  const cell = make("th", answer.number, { scope: "row" });
  // Confirmed is what one expects of a slip: only what is not is said.
  if (answer.state === "waiting") cell.append(make("small", stateWord(answer)));
  return cell;
};

const row = (answer) => {
  const made = document.createElement("tr");
  made.append(
    make("td", time(answer.at)),
    numberOf(answer),
    make("td", answer.positions.join(", ") || String(answer.passes ?? "")),
    make("td", answer.cents === null ? "" : euros(answer.cents)),
  );
  return made;
};

const heading = (engine, counted) => {
  const { venue } = chosenOf(engine);
  const { venues } = engine.choices();
  const nameOfVenue = (id) => venues.find((one) => one.id === id)?.name;
  const labels = venues.flatMap(({ services }) => services);
  const nameOfService = (code) => labels.find((one) => one.code === code)?.label;
  return [
    [say("slip_operator"), engine.status.device?.operator],
    [say("slip_person"), engine.status.device?.person],
    [say("slip_venue"), unique(counted.map((one) => nameOfVenue(one.venue))) || venue?.name],
    [say("slip_service"), unique(counted.map((one) => nameOfService(one.service)))],
    [say("slip_day"), day(counted.at(-1)?.at ?? new Date())],
  ];
};

/** Draw the slip of these answers, oldest first as they were punched. */
export const drawSlip = (root, { engine, answers }) => {
  const sum = totals(answers);
  const counted = [...sum.counted].reverse();
  part(root, "slip-empty").hidden = counted.length > 0;
  part(root, "slip-paper").hidden = !counted.length;
  part(root, "slip-actions").hidden = !counted.length;
  facts(part(root, "slip-facts"), heading(engine, counted));
  part(root, "slip-rows").replaceChildren(...counted.map(row));
  part(root, "slip-passes").textContent = sayMany("passes", sum.passes);
  part(root, "slip-worth").textContent = sum.cents === null ? "" : euros(sum.cents);
  write(root, "slip-waiting", sum.waiting ? sayMany("slip_waiting", sum.waiting) : "");
};
