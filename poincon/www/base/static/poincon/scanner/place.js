// Where one is and for what: one press on a service of a venue, and it is kept.

import { part, piece, write } from "./pieces.js";
import { say, sayMany } from "./texts.js";

const priceOf = ({ programmes }) => {
  const prices = [...new Set(programmes.map(({ price }) => price))];
  return prices.length === 1 ? sayMany("passes", prices[0]) : "";
};

/** Why nothing can be punched there today, whatever the programme; empty when something can. */
const refusalOf = ({ programmes }) => {
  const refused = programmes.map((programme) => programme.refused).filter(Boolean);
  return refused.length === programmes.length ? (refused[0]?.sentence ?? "") : "";
};

const isChosen = (context, venue, service) => context.venue === venue.id && context.service === service.code;

const drawService = (service, venue, { context, choose }) => {
  const drawn = piece("service");
  const button = drawn.querySelector("button");
  part(drawn, "label").textContent = service.label;
  write(drawn, "price", priceOf(service));
  write(drawn, "why", refusalOf(service));
  if (isChosen(context, venue, service)) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => choose(venue, service));
  return drawn;
};

const drawVenue = (venue, ways) => {
  const drawn = piece("venue");
  part(drawn, "name").textContent = `${venue.name}, ${venue.commune}`;
  part(drawn, "services").append(...venue.services.map((service) => drawService(service, venue, ways)));
  return drawn;
};

/** The venue and the service of the context, or null for what is not chosen, or no longer exists. */
export const chosenOf = (engine) => {
  const { context } = engine;
  const venue = engine.choices().venues.find(({ id }) => id === context.venue) ?? null;
  return { venue, service: venue?.services.find(({ code }) => code === context.service) ?? null };
};

/** Draw every venue, the one in use first. ``onChosen()``: the context was changed. */
export const drawPlaces = (root, { engine, onChosen }) => {
  const { context } = engine;
  const choose = async (venue, service) => {
    await engine.setContext({ venue: venue.id, service: service.code, passes: null });
    onChosen();
  };
  const venues = [...engine.choices().venues].sort(
    (one, other) => (other.id === context.venue) - (one.id === context.venue),
  );
  const drawn = venues.map((venue) => drawVenue(venue, { context, choose }));
  if (!drawn.length) drawn.push(Object.assign(document.createElement("p"), { textContent: say("no_venue") }));
  part(root, "venues").replaceChildren(...drawn);
};

/** With one venue and one service there is nothing to choose. → whether it was chosen. */
export const chooseTheOnly = async (engine) => {
  const { venues } = engine.choices();
  const services = venues.flatMap((venue) => venue.services.map((service) => ({ venue, service })));
  if (services.length !== 1) return false;
  const [{ venue, service }] = services;
  await engine.setContext({ venue: venue.id, service: service.code, passes: null });
  return true;
};
