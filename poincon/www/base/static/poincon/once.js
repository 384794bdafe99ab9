// What was sent is not sent again by the second press of an impatient finger. Every page does without.

const SENT = "data-sent";
/** After that long, nothing came back: whoever asks again is right to. In milliseconds. */
const PATIENCE = 15_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  // Searches may be sent again and again; what a script sends itself is its own affair.
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.hasAttribute(SENT)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(SENT, "");
  setTimeout(() => form.removeAttribute(SENT), PATIENCE);
});

// Going back shows the page as it was left.
window.addEventListener("pageshow", () => {
  document.querySelectorAll(`[${SENT}]`).forEach((form) => form.removeAttribute(SENT));
});
