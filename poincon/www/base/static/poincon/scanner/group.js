// The group in front of the mediator: what was punched since the last one ended. Counted from the history of the device.

const KEPT = "poincon-scanner-group";

const begun = () => {
  try {
    return Number(localStorage.getItem(KEPT)) || 0;
  } catch {
    return 0;
  }
};

/** Another group begins now. */
export const beginGroup = (now = Date.now()) => {
  try {
    localStorage.setItem(KEPT, String(now));
  } catch {
    // A full telephone keeps counting the same group.
  }
};

const counts = ({ state }) => state === "confirmed" || state === "waiting";

/** What these answers come to: passes, cents (null when the worth of one is not known), how many are not confirmed yet. Refused and annulled ones count for nothing. */
export const totals = (answers) => {
  const counted = answers.filter(counts);
  return {
    counted,
    passes: counted.reduce((sum, answer) => sum + (answer.passes ?? answer.positions.length), 0),
    // A number that was typed does not say what it is worth: half a sum would be a wrong one.
    cents: counted.some(({ cents }) => cents === null) ? null : counted.reduce((sum, { cents }) => sum + cents, 0),
    waiting: counted.filter(({ state }) => state === "waiting").length,
  };
};

/** The answers of the group in progress, newest first. */
export const ofTheGroup = (answers) => answers.filter(({ at }) => at.getTime() >= begun());
