// Runs before everything else, in the words of old browsers: one that cannot even read the scanner says so.
(function () {
  "use strict";
  var root = document.getElementById("scanner");

  function unable() {
    if (root.hasAttribute("data-started") || root.hasAttribute("data-unable")) return;
    root.setAttribute("data-unable", "");
    root.querySelector("[data-start-title]").hidden = true;
    root.querySelector('[data-start="unable"]').hidden = false;
    root.querySelector('[data-unable="old"]').hidden = false;
  }

  // What is thrown before the scanner has started is a word that this browser does not know.
  window.addEventListener("error", function (event) {
    if (event.message) unable();
  });
  if (!("noModule" in HTMLScriptElement.prototype)) unable();
})();
