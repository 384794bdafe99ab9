// Comforts of the working pages. Every page does without.

// « / » goes to the search field, as long as one is not typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[data-shortcut='/']");
  if (!field || !field.offsetParent) return;
  event.preventDefault();
  field.focus();
});

// An open menu closes on Escape, and when one goes elsewhere.
const close = (drop) => drop.removeAttribute("open");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const drop = document.activeElement.closest("details.drop[open]");
  if (!drop) return;
  close(drop);
  drop.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.drop[open]").forEach((drop) => {
    if (!drop.contains(event.target)) close(drop);
  });
});
