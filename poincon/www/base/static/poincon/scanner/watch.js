// What the camera sees becomes one reading a gesture: a code counts once, however long it stays in front of the camera.

/** A code seen again within this time, in milliseconds, is the same gesture. */
export const SAME_GESTURE = 4000;
/** A neighbour on the same sheet counts once the code just read has been out of the picture for this long. */
export const NEIGHBOUR_RESTS = 1500;
/** How far from the middle a code may be to be the one aimed at, when several are seen: a part of the picture's half. */
const AIM = 0.6;

const middle = (corners) => ({
  x: corners.reduce((sum, one) => sum + one.x, 0) / corners.length,
  y: corners.reduce((sum, one) => sum + one.y, 0) / corners.length,
});

/** How far a code is from the middle of the picture: 0 in the middle, 1 at an edge. */
const offset = ({ corners }, { width, height }) => {
  const { x, y } = middle(corners);
  return Math.max(Math.abs(x / width - 0.5), Math.abs(y / height - 0.5)) * 2;
};

/** Decides which code of which picture is a new gesture. Pure: the time is given. */
export class Gestures {
  /** By text: until when seeing it again is no new gesture. */
  #resting = new Map();

  /** The text to punch, or null. ``codes``: what the decoder found in a picture of this size; ``now`` in milliseconds. */
  chosen(codes, size, now) {
    this.#rest(codes, now);
    const aimed = this.#aimed(codes, size, now);
    if (aimed) this.#answered(aimed.text, codes, now);
    return aimed?.text ?? null;
  }

  /** A code given another way (typed, asked again on purpose) may be read at once. */
  forget(text) {
    this.#resting.delete(text);
  }

  #aimed(codes, size, now) {
    const far = codes.length > 1 ? AIM : 1;
    const [nearest] = codes
      .map((code) => ({ text: code.text, offset: offset(code, size) }))
      .filter((code) => code.offset <= far)
      .sort((one, other) => one.offset - other.offset);
    return nearest && !this.#isResting(nearest.text, now) ? nearest : null;
  }

  #isResting(text, now) {
    return (this.#resting.get(text)?.until ?? 0) > now;
  }

  /** What is still in sight rests on; so does what lies beside a code that was answered. */
  #rest(codes, now) {
    const answered = codes.some(({ text }) => this.#isResting(text, now) && this.#resting.get(text).answered);
    for (const { text } of codes) {
      const known = this.#resting.get(text);
      if (known?.answered && known.until > now) known.until = now + SAME_GESTURE;
      else if (answered) this.#resting.set(text, { answered: false, until: now + NEIGHBOUR_RESTS });
    }
    for (const [text, { until }] of this.#resting) if (until <= now) this.#resting.delete(text);
  }

  #answered(text, codes, now) {
    this.#resting.set(text, { answered: true, until: now + SAME_GESTURE });
    this.#rest(codes, now);
  }
}

const nextPicture = (video, then) => {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(then);
  else window.setTimeout(then, 60);
};

/**
 * Look at the pictures of ``video`` one after the other, never two at once, while ``watching()`` is true;
 * ``onCode(text)`` is called once a gesture. A picture that cannot be read is only a picture lost.
 */
export const watch = ({ video, decoder, gestures, watching, onCode, onFault }) => {
  let faults = 0;
  const look = async () => {
    if (!watching()) return;
    try {
      const codes = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await decoder.find(video) : [];
      faults = 0;
      const size = { width: video.videoWidth, height: video.videoHeight };
      const text = watching() ? gestures.chosen(codes, size, performance.now()) : null;
      if (text !== null) onCode(text);
    } catch (error) {
      faults += 1;
      // A whole second of failures: it will not mend by itself.
      if (faults === 20) return void onFault(error);
    }
    nextPicture(video, look);
  };
  nextPicture(video, look);
};
