// The worker that keeps the scanner on the phone, and its new versions: taken when nobody is in the middle of
// something.

export class Updates {
  constructor(core) {
    this.core = core;
  }

  async start({ worker, scope }) {
    if (!("serviceWorker" in navigator)) return;
    try {
      this.registration = await navigator.serviceWorker.register(worker, { scope });
    } catch {
      // Off line before the first installation, or a page of somebody's network: the next opening tries again.
      return;
    }
    // A version that was ready when the page opened: nothing is under way yet.
    if (this.registration.waiting && navigator.serviceWorker.controller) this.take();
    this.registration.addEventListener("updatefound", () => this.follow(this.registration.installing));
    document.addEventListener("visibilitychange", () => this.looked());
  }

  follow(installing) {
    installing?.addEventListener("statechange", () => {
      if (installing.state !== "installed" || !navigator.serviceWorker.controller) return;
      this.core.update = true;
      this.core.tell();
    });
  }

  // Put aside, the phone takes the new version; taken up again, it asks whether there is one.
  looked() {
    if (document.visibilityState === "hidden" && this.core.update) this.take();
    if (document.visibilityState === "visible") this.registration.update().catch(() => {});
  }

  take() {
    const { waiting } = this.registration ?? {};
    if (!waiting) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
    waiting.postMessage("take-over");
  }
}
