// The history of the day: each punch with its state, what to do about the refused ones, the undo while it is possible.

import { totals } from "./group.js";
import { part, piece, write } from "./pieces.js";
import { euros, say, sayMany, time } from "./texts.js";
import { mayUndo, positionsOf } from "./verdict.js";

const SHAPES = { confirmed: "accepted", waiting: "waiting", refused: "refused", annulled: "annulled" };
const TONES = { confirmed: "good", waiting: "careful", refused: "bad", annulled: "quiet" };

export const stateWord = ({ state }) => say(`state_${state}`);

const button = (text, label, act) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet" });
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

const waysOf = (answer, { undo, acknowledge }) => {
  const told = { number: answer.number || say("unknown_number"), time: time(answer.at) };
  if (answer.late) return [button(say("read"), say("read_this", told), () => acknowledge(answer))];
  if (mayUndo(answer)) return [button(say("undo"), say("undo_this", told), () => undo(answer))];
  return [];
};

const drawLine = (answer, ways) => {
  const drawn = piece("line");
  drawn.dataset.outcome = SHAPES[answer.state];
  if (answer.late) drawn.dataset.late = "";
  part(drawn, "time").textContent = time(answer.at);
  part(drawn, "number").textContent = answer.number || say("unknown_number");
  write(drawn, "what", answer.state === "refused" ? "" : positionsOf(answer));
  const why = answer.state === "refused" ? [answer.sentence || answer.title, answer.nextStep] : [];
  write(drawn, "why", why.filter(Boolean).join(" "));
  part(drawn, "state").classList.add(`tag-${TONES[answer.state]}`);
  part(drawn, "state-word").textContent = stateWord(answer);
  part(drawn, "line-ways").append(...waysOf(answer, ways));
  return drawn;
};

/** Draw the history. The focus stays where it was: a line that only changed its state moves nobody. */
export const drawDay = (root, { engine, onChanged }) => {
  const answers = engine.today();
  const ways = {
    undo: async (answer) => onChanged(await engine.undo(answer.id)),
    acknowledge: async (answer) => {
      await engine.acknowledge(answer.id);
      onChanged(null);
    },
  };
  const sum = totals(answers);
  part(root, "day-passes").textContent = sum.passes;
  part(root, "day-worth").textContent = sum.cents === null ? "–" : euros(sum.cents);
  part(root, "day-waiting").textContent = engine.status.waiting;
  part(root, "day-empty").hidden = answers.length > 0;
  part(root, "day-list").replaceChildren(...answers.map((answer) => drawLine(answer, ways)));
};

/** The strip under the answer: how much this group comes to. */
export const drawGroup = (root, answers) => {
  const sum = totals(answers);
  part(root, "group").hidden = !sum.passes;
  part(root, "group-passes").textContent = sayMany("passes", sum.passes);
  part(root, "group-worth").textContent = sum.cents ? euros(sum.cents) : "";
};
