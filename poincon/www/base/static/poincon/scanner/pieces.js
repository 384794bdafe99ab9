// The pieces of the page: templates are copied and filled, never written as text.

/** A copy of the template ``piece-NAME``. */
export const piece = (name) => document.getElementById(`piece-${name}`).content.firstElementChild.cloneNode(true);

/** The first element that carries this data attribute: ``part(node, "title")`` is ``[data-title]``. */
export const part = (root, name) => root.querySelector(`[data-${name}]`);

/** Write this text there; what says nothing is not shown. */
export const write = (root, name, text) => {
  const element = part(root, name);
  element.textContent = text ?? "";
  element.hidden = !text;
  return element;
};

/** Make an element: ``make("td", "12", { class: "nowrap" })``. */
export const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

/** A list of facts: pairs of words, those without a second word left out. */
export const facts = (root, pairs) => {
  const written = pairs.filter(([, value]) => value);
  root.replaceChildren(
    ...written.map(([name, value]) => {
      const pair = make("div");
      pair.append(make("dt", name), make("dd", value));
      return pair;
    }),
  );
};
