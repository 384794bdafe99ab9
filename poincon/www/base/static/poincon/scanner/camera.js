// The camera: the rear one, its torch, closed as soon as nobody looks at the page.

/** Why a camera does not open, as the page explains it. */
export const FAULTS = { REFUSED: "refused", MISSING: "missing", BUSY: "busy", INSECURE: "insecure" };

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};
const BY_NAME = {
  NotAllowedError: FAULTS.REFUSED,
  SecurityError: FAULTS.REFUSED,
  NotFoundError: FAULTS.MISSING,
  OverconstrainedError: FAULTS.MISSING,
  NotReadableError: FAULTS.BUSY,
  AbortError: FAULTS.BUSY,
};

export class CameraFault extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const ask = async () => {
  // Browsers hide the camera from pages that were not fetched by https.
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraFault(FAULTS.INSECURE);
  try {
    return await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    throw new CameraFault(BY_NAME[error.name] ?? FAULTS.BUSY);
  }
};

/** Whether the person has already allowed the camera, so that it may open without a gesture. */
export const isAllowed = async () => {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "granted";
  } catch {
    return false;
  }
};

export class Camera {
  #stream = null;
  #opening = null;

  constructor(video) {
    this.video = video;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  /** Show the rear camera. Raises CameraFault. Asked twice, it opens once. */
  open() {
    this.#opening ??= this.#start().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #start() {
    if (this.isOpen) return;
    const stream = await ask();
    this.#stream = stream;
    // Taken by another application while open: the page says so instead of showing a still picture.
    this.#track.addEventListener("ended", () => this.#lost(stream));
    this.video.srcObject = stream;
    await this.video.play();
    await this.#keepSharp();
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  #lost(stream) {
    if (this.#stream !== stream) return;
    this.close();
    this.video.dispatchEvent(new Event("camera-lost"));
  }

  async #keepSharp() {
    const able = this.#track?.getCapabilities?.().focusMode ?? [];
    if (able.includes("continuous")) await this.#set({ focusMode: "continuous" });
  }

  /** Whether this camera has a light one can turn on. */
  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  light(on) {
    return this.#set({ torch: on });
  }

  async #set(what) {
    try {
      await this.#track?.applyConstraints({ advanced: [what] });
    } catch {
      // A camera that promises and does not do so still shows its picture.
    }
  }

  close() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }
}
