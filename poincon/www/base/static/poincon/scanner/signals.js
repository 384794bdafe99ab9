// What one hears and feels at each answer, without looking: two notes up, one low note twice, one note in between.

const NOTES = {
  accepted: [
    [880, 0, 0.09],
    [1320, 0.1, 0.16],
  ],
  waiting: [[700, 0, 0.22]],
  refused: [
    [220, 0, 0.2],
    [220, 0.28, 0.3],
  ],
};
const TREMORS = { accepted: [80], waiting: [60, 60, 60], refused: [250, 120, 250] };
const LOUDNESS = 0.35;

let speaker = null;

/** Browsers let a page sound only after a gesture of the person: the first one wakes the speaker. */
export const wakeAtFirstGesture = () => {
  const wake = () => {
    speaker ??= "AudioContext" in window ? new AudioContext() : null;
    speaker?.resume();
  };
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, wake, { once: true });
};

const play = ([pitch, start, length]) => {
  const now = speaker.currentTime + start;
  const source = new OscillatorNode(speaker, { frequency: pitch, type: "triangle" });
  const volume = new GainNode(speaker, { gain: 0 });
  volume.gain.setValueAtTime(0, now);
  volume.gain.linearRampToValueAtTime(LOUDNESS, now + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.001, now + length);
  source.connect(volume).connect(speaker.destination);
  source.start(now);
  source.stop(now + length);
};

/** Sound and tremble this outcome, as the person chose. */
export const signal = (outcome, { sound, vibration }) => {
  if (sound && speaker?.state === "running") NOTES[outcome]?.forEach(play);
  // A browser refuses to tremble, aloud, before the first gesture.
  if (vibration && (navigator.userActivation?.hasBeenActive ?? true)) navigator.vibrate?.(TREMORS[outcome] ?? []);
};
