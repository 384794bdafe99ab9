// How this person holds and sees her telephone: kept on it, told to the style sheet by attributes of the page.

const KEPT = "poincon-scanner-preferences";
const USUAL = { hand: "right", look: "auto", sound: true, vibration: true };

const kept = () => {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return { ...USUAL };
  }
};

const dress = ({ hand, look }) => Object.assign(document.documentElement.dataset, { hand, look });

const keep = (chosen) => {
  try {
    localStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // A full telephone forgets the preference, and nothing else.
  }
};

/** The preferences, bound to the form of the settings: ``chosen()`` gives them as they are now. */
export const openPreferences = (form) => {
  let chosen = kept();
  dress(chosen);
  for (const field of form.elements) {
    if (field.type === "radio") field.checked = chosen[field.name] === field.value;
    if (field.type === "checkbox") field.checked = chosen[field.name];
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    chosen = { ...chosen, [target.name]: target.type === "checkbox" ? target.checked : target.value };
    dress(chosen);
    keep(chosen);
  });
  return { chosen: () => chosen };
};
