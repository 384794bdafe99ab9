// What the scanner knows and does, without its screen. The screen uses this file alone:
//
//   import { open } from "./engine.js";
//   const engine = await open({ onChange: (status) => draw(status) });
//
// onChange is called with engine.status whenever something of it, of choices() or of today() changed: in this tab, in
// another one, or by a synchronisation. Nothing here touches the page. Nothing throws because of the network.
//
// engine.status      { phase, online, syncing, lastSync, waiting, lateRefusals, device, clock, storage, update, leaving }
//   phase            "not_enrolled": call signedIn() then enrol();  "preparing": enrolled, the first state is not there
//                    yet (sync() tries again);  "ready";  "revoked": wiped, enrol again
//   online           whether the server answered the last time it was asked (the browser's own word is only a hint)
//   syncing          whether queue or state travel now
//   lastSync         Date of the state kept on the device, null before the first
//   waiting          scans and undos that the server has not answered yet
//   lateRefusals     scans accepted off line, refused since, that nobody has read yet: see today(), acknowledge(id)
//   device           { label, operator, person } or null
//   clock            { wrong: whether the device's clock is over 10 minutes off, seconds: how much it is ahead }
//   storage          { low: whether the device is nearly full }
//   update           whether a new version is ready: update() takes it (reloads the page; the queue stays)
//   leaving          whether a device was signed out here that the server does not know of yet: what it holds is sent,
//                    then it ends, as soon as there is a network
//
// engine.choices()   { venues: [{ id, name, commune, services: [{ code, label, programmes: [{ id, name, price, minutes,
//                    refused }] }] }], programmes: [{ id, name, phone }] }; refused: null, or why the server would
//                    refuse it today: { code, sentence, nextStep }
// engine.context     { venue, service, passes } (venue: id or null; service: code or null; passes: number, or null for
//                    the price of the service); kept on the device.
// await engine.setContext({ venue, service, passes })
//
// await engine.read(text)  what a text is, nothing is used:
//                    { kind: "pass" | "cover" | "number" | "unreadable", number, position, price, size, left, most,
//                    bound, reason, sentence, nextStep }; number: as printed ("4829 1570 363Q"); position: 0 for a
//                    whole booklet; price: passes that the service of the context costs in the programme of this
//                    booklet, when known; size, left: as of the last synchronisation, null when unknown; most: how many
//                    passes the server may accept at once, and bound: why no more ("price", "left", "session" or
//                    "day"), null when unknown. Ask how many passes for a "cover", and for a "number" whose position
//                    is 0.
// engine.typed(text) while a number is being typed, at once: { complete, right, written, missing }; right: its check
//                    character fits; written: in groups, as printed; missing: characters still to type
// await engine.scan(text, { passes })  → Answer. passes: for a whole booklet only; null: the context's, or the price.
//                    It is on the disk before it is answered. The same code seen again within seconds gives the
//                    same Answer, with again: true: show nothing new, sound nothing.
// await engine.undo(id)  → Answer, state "annulled", or its refusal as { outcome: "refused", sentence, nextStep }.
// engine.today()     Answers of the day and whatever still waits or was refused late, newest first.
// await engine.acknowledge(id)  the late refusal was read.
// await engine.sync()  sends and fetches now, whatever the delay of the next try → status.
// await engine.signedIn()  who could enrol this phone: { person, operator: { id, name } } | { signIn: address } (go
//                    there, it comes back) | { forbidden: true, signIn } (without the right) | { away: true }
// await engine.enrol({ label })  → { done: true } | { refused: sentence, nextStep } | signIn, forbidden, away as above
// await engine.signOut({ anyway })  → { done, waiting }: with a queue and without anyway, nothing is done. With it
//                    the device forgets all but its queue and its token: as soon as there is a network, the queue is
//                    sent, then the server is told that the device ends.
// await engine.update(), engine.close()
//
// Answer             { id, outcome, state, title, sentence, nextStep, reason, number, position, positions, size, left,
//                    validUntil, passes, cents, minutes, programme, venue, service, at, undoUntil, again, late,
//                      verified }
//   outcome          "accepted": by the server;  "waiting": taken off line, to be confirmed;  "refused"
//   state            "confirmed" | "waiting" | "refused" | "annulled" (annulled: from the moment it was asked)
//   title, sentence, nextStep   to show and to read aloud; sentence and nextStep may be empty
//   reason           code of the refusal (docs/operate/scanner-protocol.md), null otherwise
//   positions        the passes used (off line and for a whole booklet: those that will probably be)
//   cents, minutes   what these passes are worth, null when unknown
//   at, undoUntil    Date; undoUntil null when it cannot be undone
//   late             refused after it had been taken off line; unread until acknowledge(id)
//   verified         signature checked and pass looked up on this device or by the server; false for a number typed off
//                    line, and for a booklet newer than the last synchronisation
export { open } from "./engine/opening.js";
