// The counter: the answer is read aloud where it stands, and the field waits for the next number. The page does without.

const ANSWER = "reponse";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  // Another page answered (one must sign in again): go there, what was typed is kept.
  if (requestConfig.elt.id === "poinconner" && !xhr.responseText.includes(`id="${ANSWER}"`)) {
    event.detail.shouldSwap = false;
    window.location.assign(xhr.responseURL);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const number = document.getElementById("id_numero");
  if (!number) return;
  // What was said of the gesture before is not about this answer.
  document.querySelectorAll("main > .notice").forEach((notice) => notice.remove());
  if (number.value) number.select();
  number.focus({ preventScroll: true });
  document.getElementById(ANSWER).scrollIntoView({ block: "start" });
});

// The site answered with an error: show it, sending the same form; the same gesture never counts twice.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig.elt.id === "poinconner") event.detail.requestConfig.elt.submit();
});

document.addEventListener("htmx:sendError", () => {
  const said = document.getElementById("sans-reseau").content.cloneNode(true);
  document.getElementById(ANSWER).replaceChildren(said);
});
