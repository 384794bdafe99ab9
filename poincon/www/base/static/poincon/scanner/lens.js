// The camera in its frame, the words when there is no picture, the torch. Closed when the page is hidden, to spare the
// battery; open again when it comes back.

import { Camera, FAULTS, isAllowed } from "./camera.js";
import { openDecoder } from "./decoder.js";
import { part } from "./pieces.js";
import { Gestures, watch } from "./watch.js";

/** ``onCode(text)``: a code is in front of the camera. ``isWanted()``: whether the view shows the camera now. */
export const openLens = (root, { onCode, isWanted }) => {
  const frame = part(root, "lens");
  const torch = part(root, "torch");
  const camera = new Camera(frame.querySelector("video"));
  const gestures = new Gestures();
  let decoder = null;
  let opened = 0;

  const show = (state) => {
    frame.dataset.lens = state;
    for (const said of frame.querySelectorAll("[data-when]")) said.hidden = said.dataset.when !== state;
    torch.hidden = state !== "open" || !camera.hasTorch;
    if (state !== "open") torch.setAttribute("aria-pressed", "false");
  };

  const close = () => {
    opened += 1;
    camera.close();
    if (frame.dataset.lens === "open" || frame.dataset.lens === "opening") show("closed");
  };

  const look = async (turn) => {
    decoder ??= openDecoder(document.body.dataset.decoder);
    const ready = await decoder;
    frame.dataset.decoder = ready.name;
    watch({
      video: camera.video,
      decoder: ready,
      gestures,
      watching: () => turn === opened && camera.isOpen,
      onCode,
      onFault: () => {
        close();
        show(FAULTS.BUSY);
      },
    });
  };

  const open = async () => {
    if (camera.isOpen || frame.dataset.lens === "opening") return;
    opened += 1;
    const turn = opened;
    show("opening");
    // The decoder is made ready while the person says yes.
    decoder ??= openDecoder(document.body.dataset.decoder);
    try {
      await camera.open();
    } catch (fault) {
      if (turn === opened) show(fault.kind ?? FAULTS.BUSY);
      return;
    }
    if (turn !== opened) return void camera.close();
    show("open");
    look(turn);
  };

  const follow = () => {
    if (document.visibilityState === "hidden" || !isWanted()) return void close();
    if (frame.dataset.lens === "closed") resume();
  };
  /** Without a gesture only where the person said yes before: a question out of nowhere is refused. */
  const resume = async () => {
    if ((await isAllowed()) && isWanted() && document.visibilityState === "visible") open();
  };

  show("closed");
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", close);
  camera.video.addEventListener("camera-lost", () => show(FAULTS.BUSY));
  torch.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    await camera.light(on);
    torch.setAttribute("aria-pressed", String(on));
  });

  return { open, follow, forget: (text) => gestures.forget(text) };
};
