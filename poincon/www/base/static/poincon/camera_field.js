// The camera beside a field that takes the text of a code ({% camera_for %}). The first code read fills the field and
// sends its form; where what is read is to be added up (data-added), each new code adds a line.
// Hidden where the browser gives no camera: the field does without.

import { Camera } from "./scanner/camera.js";
import { openDecoder } from "./scanner/decoder.js";
import { Gestures, watch } from "./scanner/watch.js";

const fill = (field, { close }) => (text) => {
  close();
  field.value = text;
  field.form.requestSubmit();
};

const addLines = (field, { say, words }) => {
  const seen = new Set();
  return (text) => {
    if (seen.has(text)) return;
    seen.add(text);
    field.value = [field.value.trim(), text].filter(Boolean).join("\n");
    say(`${seen.size} ${words.added}`);
  };
};

const offer = (part) => {
  const [start, view, said, stop] = ["start", "view", "said", "stop"].map((name) =>
    part.querySelector(`[data-camera-${name}]`),
  );
  const field = part.closest("form").querySelector(`[name="${part.dataset.cameraFor}"]`);
  const camera = new Camera(view.querySelector("video"));
  const words = said.dataset;
  const say = (text) => {
    said.textContent = text;
  };
  let decoder = null;

  const close = () => {
    camera.close();
    view.hidden = true;
    start.hidden = false;
  };

  const onCode = words.added ? addLines(field, { say, words }) : fill(field, { close });

  const open = async () => {
    view.hidden = false;
    start.hidden = true;
    stop.focus();
    say(words.looking);
    // Made ready while the person says yes.
    decoder ??= openDecoder(part.dataset.decoder);
    try {
      await camera.open();
      const ready = await decoder;
      const watching = () => camera.isOpen;
      watch({ video: camera.video, decoder: ready, gestures: new Gestures(), watching, onCode, onFault: failed });
    } catch {
      failed();
    }
  };

  const failed = () => {
    camera.close();
    say(words.refused);
  };

  start.addEventListener("click", open);
  stop.addEventListener("click", () => {
    close();
    start.focus();
  });
  camera.video.addEventListener("camera-lost", failed);
  window.addEventListener("pagehide", close);
  // Put aside, a telephone spares its battery.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && close());
  part.hidden = false;
};

if (navigator.mediaDevices?.getUserMedia) document.querySelectorAll("[data-camera-for]").forEach(offer);
