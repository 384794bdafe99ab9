// Stands in for the engine where a test is about the screen alone: it answers what the test says, at once.
// The test changes `window.engine` as it likes: status, answers by text, history.

const minutes = (number) => new Date(Date.now() + number * 60_000);

export const answer = (changes = {}) => ({
  id: crypto.randomUUID(),
  outcome: "accepted",
  state: "confirmed",
  title: "Accepté, reste 6",
  sentence: "Le pass 4 est poinçonné.",
  nextStep: "",
  reason: null,
  number: "4829 1570 363Q",
  position: 4,
  positions: [4],
  size: 10,
  left: 6,
  validUntil: "2027-03-03",
  passes: 1,
  cents: 1000,
  minutes: 120,
  programme: 1,
  venue: 12,
  service: "courriel",
  at: new Date(),
  undoUntil: minutes(15),
  again: false,
  late: false,
  verified: true,
  ...changes,
});

const REFUSED = {
  outcome: "refused",
  state: "refused",
  title: "Refusé : déjà utilisé le 4 mars",
  sentence: "Ce pass a déjà été utilisé le 4 mars 2026 à 10 h, dans la Creuse.",
  nextStep: "Utilisez un autre pass du chéquier.",
  reason: "already_used",
  positions: [],
  passes: 0,
  cents: null,
  undoUntil: null,
};
const WAITING = {
  outcome: "waiting",
  state: "waiting",
  title: "Accepté hors ligne, sera confirmé",
  sentence: "Le pass 4 était libre au dernier état reçu.",
};

const venues = [
  {
    id: 12,
    name: "Médiathèque de Guéret",
    commune: "Guéret",
    services: [
      { code: "courriel", label: "Envoyer un courriel", programmes: [{ id: 1, name: "Creuse", price: 1, minutes: 120, refused: null }] },
      { code: "demarches", label: "Faire ses démarches en ligne", programmes: [{ id: 1, name: "Creuse", price: 2, minutes: 120, refused: null }] },
    ],
  },
  {
    id: 13,
    name: "Bus numérique",
    commune: "Aubusson",
    services: [
      {
        code: "courriel",
        label: "Envoyer un courriel",
        programmes: [
          { id: 1, name: "Creuse", price: 1, minutes: 120, refused: { code: "venue_closed", sentence: "Ce lieu est fermé depuis le 1er mars 2026.", nextStep: "" } },
        ],
      },
    ],
  },
];

const engine = {
  status: {
    phase: "ready",
    online: true,
    syncing: false,
    lastSync: new Date(),
    waiting: 0,
    lateRefusals: 0,
    device: { label: "Téléphone de Camille", operator: "Tiers-lieu de Guéret", person: "Camille Moreau" },
    clock: { wrong: false, seconds: 0 },
    storage: { low: false },
    update: false,
  },
  context: { venue: 12, service: "courriel", passes: null },
  history: [],
  calls: [],
  given: (text) => answer(text.startsWith("REFUSE") ? REFUSED : text.startsWith("ATTEND") ? WAITING : {}),
  choices: () => ({ venues, programmes: [{ id: 1, name: "Creuse", phone: "05 55 00 00 00" }] }),
  async setContext(context) {
    engine.context = context;
    engine.changed();
  },
  async read(text) {
    const cover = { kind: "cover", number: "4829 1570 363Q", position: 0, size: 10, left: 7, bound: "price" };
    if (text.startsWith("COUVERTURE")) return { ...cover, price: 3, most: 3 };
    if (text.startsWith("SIMPLE")) return { ...cover, price: 1, most: 1 };
    if (text.startsWith("&")) return { kind: "unreadable" };
    return { kind: "pass", number: "4829 1570 363Q", position: 4, price: 1, size: 10, left: 7 };
  },
  typed(text) {
    const signs = text.replaceAll(/\s/g, "").toUpperCase();
    const written = signs.replace(/^(.{4})(.{4})(.*)$/, "$1 $2 $3");
    return { complete: signs.length >= 12, right: signs === "48291570363Q", written, missing: Math.max(0, 12 - signs.length) };
  },
  async scan(text, { passes }) {
    engine.calls.push(["scan", text, passes]);
    const given = engine.given(text);
    engine.history.unshift(given);
    engine.changed();
    return given;
  },
  async undo(id) {
    const found = engine.history.find((one) => one.id === id);
    Object.assign(found, { state: "annulled", title: "Poinçon annulé", sentence: "Ces pass sont de nouveau utilisables.", undoUntil: null });
    engine.changed();
    return found;
  },
  today: () => engine.history,
  async acknowledge(id) {
    engine.history.find((one) => one.id === id).late = false;
    engine.status.lateRefusals = 0;
    engine.changed();
  },
  async sync() {
    engine.calls.push(["sync"]);
    return engine.status;
  },
  signedIn: async () => ({ person: "Camille Moreau", operator: "Tiers-lieu de Guéret" }),
  async enrol({ label }) {
    engine.calls.push(["enrol", label]);
    engine.status.phase = "ready";
    engine.changed();
    return { done: true };
  },
  signOut: async ({ anyway } = {}) => ({ done: Boolean(anyway), waiting: 2 }),
  update: async () => {},
  kinds: { answer, REFUSED, WAITING, minutes },
};

export const open = async ({ onChange }) => {
  engine.changed = () => onChange(engine.status);
  window.engine = engine;
  window.prepare?.(engine);
  return engine;
};
