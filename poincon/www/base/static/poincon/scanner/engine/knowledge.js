// What the server told this device: kept as it came, read as maps.

import { withChanges } from "./bitmap.js";

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

// What rules.js looks at. kept: what the store holds of the last answers; null: none yet.
export const readState = (kept, bitmaps) =>
  kept && {
    version: Date.parse(kept.version),
    checked: kept.checked,
    sentences: kept.sentences,
    keys: byId(kept.keys),
    venues: byId(kept.venues),
    programmes: byId(kept.programmes),
    batches: byId(kept.batches),
    bitmaps,
  };

// Whether an answer is a state of ours: a page of somebody's network would not be.
export const isState = (body) =>
  body?.format === 1 && [body.keys, body.venues, body.programmes, body.batches].every(Array.isArray);

// What to keep of a new answer: { kept, bitmaps, touched, dropped }. Bitmaps are kept apart: one booklet that changes
// must not write a million passes again.
export const stateToKeep = (body, before, { tag, checked }) => {
  const { bitmaps, touched } = withChanges(body.complete ? new Map() : before, body);
  const batches = body.batches.map(({ used: _used, blocked: _blocked, ...batch }) => batch);
  const { changed: _changed, complete: _complete, ...told } = body;
  return {
    kept: { ...told, batches, tag, checked },
    bitmaps,
    touched,
    dropped: [...before.keys()].filter((id) => !bitmaps.has(id)),
  };
};

// Whether a batch of the answer is without a bitmap: the whole state must be asked again.
export const isIncomplete = ({ kept, bitmaps }) => kept.batches.some((batch) => !bitmaps.has(batch.id));

// The venues, services and programmes to choose from (engine.js).
export const choicesOf = (state, say) => ({
  venues: [...state.venues.values()].map((venue) => ({
    id: venue.id,
    name: venue.name,
    commune: venue.commune,
    services: servicesOf(venue, state, say),
  })),
  programmes: [...state.programmes.values()].map(({ id, name, phone }) => ({ id, name, phone })),
});

const servicesOf = (venue, state, say) => {
  const services = new Map();
  for (const offer of venue.offers) {
    const programme = state.programmes.get(offer.programme);
    if (!programme) continue;
    if (!services.has(offer.service))
      services.set(offer.service, { code: offer.service, label: offer.label, programmes: [] });
    services.get(offer.service).programmes.push({
      id: programme.id,
      name: programme.name,
      price: offer.price,
      minutes: offer.minutes,
      refused: offer.refused ? { code: offer.refused, ...say(offer.refused) } : null,
    });
  }
  return [...services.values()].sort((one, other) => one.label.localeCompare(other.label, "fr"));
};
