// Before the first punch: sign in once, name this telephone, wait for what it must know. And the way out.

import { facts, part, write } from "./pieces.js";
import { say, sayMany } from "./texts.js";

const TITLES = { "sign-in": "title_sign_in", enrol: "title_enrol", refused: "title_refused", preparing: "title_preparing" };

/** → { follow(phase) }: shows what this phase of the engine asks for. */
export const openStart = (root, { engine, said }) => {
  const form = root.querySelector("form[data-start]");
  let shown = "";
  let isAway = false;

  const show = (name, title = TITLES[name]) => {
    for (const one of root.querySelectorAll("[data-start]")) one.hidden = one.dataset.start !== name;
    part(root, "start-title").textContent = say(title);
    if (shown !== name) said(say(title));
    shown = name;
  };
  const refuse = (text, title) => {
    show("refused", title);
    part(root, "start-refused").textContent = text;
  };
  const askToSignIn = ({ signIn, forbidden }, title) => {
    part(root, "sign-in").href = signIn;
    if (forbidden) return refuse(say("forbidden"));
    return show("sign-in", title);
  };

  const whoIsThere = async (phase) => {
    const who = await engine.signedIn();
    const title = phase === "revoked" ? "title_revoked" : undefined;
    if (who.signIn) return askToSignIn(who, title);
    isAway = Boolean(who.away);
    if (isAway) return refuse(say("away"), "title_away");
    write(root, "start-who", say("who", { person: who.person, operator: who.operator.name }));
    const name = form.querySelector("input");
    name.value ||= say("telephone_of", { person: who.person });
    return show("enrol", title);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = await engine.enrol({ label: form.querySelector("input").value.trim() });
    if (told.refused) refuse([told.refused, told.nextStep].filter(Boolean).join(" "));
    else if (told.signIn) askToSignIn(told);
    else if (told.away) refuse(say("away"), "title_away");
  });
  root.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-start-again]")) return;
    if (engine.status.phase === "preparing") engine.sync();
    else whoIsThere(engine.status.phase);
  });

  const why = part(root, "start-why");
  let followed = "";
  // Told that there was no network: the return of it needs no gesture.
  window.addEventListener("online", () => shown === "refused" && isAway && whoIsThere(followed));
  return {
    follow: (phase) => {
      if (phase === followed) return;
      followed = phase;
      why.hidden = phase !== "revoked";
      if (phase === "preparing") show("preparing");
      else if (phase !== "ready") whoIsThere(phase);
    },
  };
};

/** The device and its way out, in the settings: a queue is never thrown away without a word. */
export const openDevice = (root, { engine }) => {
  const place = part(root, "sign-out-said");
  const button = part(root, "sign-out");
  const usual = button.lastChild.textContent;
  let warned = false;

  const forgetTheWarning = () => {
    warned = false;
    place.textContent = "";
    place.removeAttribute("role");
    button.lastChild.textContent = usual;
  };

  button.addEventListener("click", async () => {
    const { done, waiting } = await engine.signOut({ anyway: warned });
    if (done) return void forgetTheWarning();
    warned = true;
    place.textContent = sayMany("sign_out_waiting", waiting);
    place.setAttribute("role", "alert");
    button.lastChild.textContent = say("sign_out_anyway");
  });

  return {
    draw: () =>
      facts(part(root, "device"), [
        [say("device_label"), engine.status.device?.label],
        [say("slip_operator"), engine.status.device?.operator],
        [say("slip_person"), engine.status.device?.person],
      ]),
  };
};
