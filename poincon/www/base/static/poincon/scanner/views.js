// One view at a time, each with its address: the back button of the telephone goes back, and never leaves by surprise.

const NAMES = { punch: "", place: "#lieu", day: "#journee", slip: "#bordereau", settings: "#reglages" };

const nameOf = (hash) => Object.keys(NAMES).find((name) => NAMES[name] === hash) ?? "punch";

/**
 * ``onShow(name)`` is called whenever another view is shown. ``hold(name)`` shows this view whatever the address says,
 * until ``release()``: before enrolment there is nothing to go to.
 */
export const openViews = (root, onShow) => {
  const sections = [...root.querySelectorAll("[data-view-name]")];
  let held = "start";
  let shown = null;

  const show = (name, { focus = true } = {}) => {
    if (name === shown) return;
    shown = name;
    root.dataset.view = name;
    for (const section of sections) section.hidden = section.dataset.viewName !== name;
    window.scrollTo(0, 0);
    // A screen reader, and the next press of Tab, begin at the title of the new view.
    if (focus) root.querySelector(`[data-view-name="${name}"] h2`)?.focus({ preventScroll: true });
    onShow(name);
  };
  const follow = (options) => show(held ?? nameOf(window.location.hash), options);

  const go = (name) => {
    if (NAMES[name] === window.location.hash) return;
    // From one page to another there is one step back, to the scanner: pages replace one another.
    if (name === "punch" && history.state?.fromPunch) {
      history.back();
      return void show(held ?? name);
    }
    if (shown === "punch") history.pushState({ fromPunch: true }, "", NAMES[name]);
    else history.replaceState(history.state, "", NAMES[name] || window.location.pathname);
    follow();
  };

  window.addEventListener("popstate", () => follow());
  root.addEventListener("click", ({ target }) => {
    const way = target.closest("[data-go]");
    if (way) go(way.dataset.go);
  });

  return {
    go,
    get shown() {
      return shown;
    },
    get isHeld() {
      return held !== null;
    },
    hold: (name) => {
      held = name;
      follow({ focus: false });
    },
    release: () => {
      held = null;
      follow({ focus: false });
    },
  };
};
