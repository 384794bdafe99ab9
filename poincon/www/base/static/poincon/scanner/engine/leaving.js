// How a device becomes one of a structure, and how it stops: signed out by hand, or revoked from afar.

// What is kept of a scan that was not sent: what sending it needs, nothing that tells about the booklet.
const reduced = (record) => ({ ...record, values: {}, left: null, size: null, validUntil: null });

// Forgets the state, the history and the choices; what was never sent stays, for the same structure. A token that the
// server still takes is kept to be ended, after that queue is sent (sync.js): until then it would be in service for ever.
export const wipe = async (core, { revoked }) => {
  const operator = core.device?.operator ?? core.ended?.operator ?? null;
  await core.save(async (write, sequence) => {
    // From the disk: another tab may have punched a moment ago.
    const left = (await write.scans()).filter(({ open }) => open).map(reduced);
    const [device, before] = [await write.meta("device"), (await write.meta("leaving")) ?? []];
    const leaving = device && !revoked ? [...before, device.token] : before;
    write.clear("bitmaps");
    write.clear("scans");
    write.clear("meta");
    write.put("meta", sequence, "sequence");
    write.put("meta", { revoked, operator }, "ended");
    write.put("meta", core.clock, "clock");
    write.put("meta", leaving, "leaving");
    // No word of a person: only what the next answers are said with.
    write.put("meta", core.sentences, "sentences");
    left.forEach((record) => write.put("scans", record));
  });
  await core.load();
  core.tell();
};

// Who could enrol this phone: { person, operator }, { signIn } or { refused, nextStep }.
export const askWho = async ({ enrolment, signIn }) => {
  try {
    const response = await fetch(enrolment, { redirect: "manual", cache: "no-store" });
    if (response.type === "opaqueredirect" || response.status === 401) return { signIn };
    if (response.status === 403) return { signIn, forbidden: true };
    const about = await response.json();
    return about?.csrf_token ? about : { away: true };
  } catch {
    return { away: true };
  }
};

const asked = async ({ enrolment }, label, token) => {
  const response = await fetch(enrolment, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ label }),
    redirect: "error",
  });
  return { status: response.status, body: await response.json() };
};

// Enrols this phone: { done: true }, or { refused, nextStep }, or { away: true }.
export const enrol = async (core, addresses, { label }) => {
  const who = await askWho(addresses);
  if (!who.csrf_token) return who;
  const waiting = core.waiting();
  const before = core.ended?.operator;
  if (waiting && before && before.id !== who.operator.id) {
    const { sentence, nextStep } = core.say("other_operator_waits", { waiting, operator: before.name });
    return { refused: sentence, nextStep };
  }
  try {
    const { status, body } = await asked(addresses, label, who.csrf_token);
    if (status === 422) return { refused: body.sentence, nextStep: body.next_step };
    if (status !== 201 || !body.token) return { away: true };
    await settle(core, body);
    return { done: true };
  } catch {
    return { away: true };
  }
};

const settle = async (core, { token, device, operator, person }) => {
  const kept = { token, id: device.id, label: device.label, operator, person };
  const before = core.ended?.operator;
  await core.save((write) => {
    // What is read of another structure's day is nobody's business here; nothing of it waits any more.
    if (before && before.id !== operator.id) write.clear("scans");
    write.put("meta", kept, "device");
    write.remove("meta", "ended");
  });
  await core.load();
  // Asked once the scanner is of use: browsers grant it to sites that are.
  await navigator.storage?.persist?.();
};
