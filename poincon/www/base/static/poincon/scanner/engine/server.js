// Talks to /api/v1. Whatever comes back that is not an answer of ours (no network, a hotel's page with status 200, a
// proxy that is down) is "away": nothing was decided, everything stays in the queue.

const PATIENCE = 20_000;

const isJson = (response) => /^application\/(problem\+)?json\b/.test(response.headers.get("Content-Type") ?? "");

const secondsOf = (response) => {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
};

// Aborted after so long; telephones of 2022 do not know AbortSignal.timeout.
const within = (milliseconds) => {
  if (AbortSignal.timeout) return AbortSignal.timeout(milliseconds);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
};

export class Server {
  // root: where the API is; heard(date): called with the server's clock whenever it answered.
  constructor(root, heard) {
    this.root = root;
    this.heard = heard;
  }

  // { kind: "answer", status, body, tag } | { kind: "refused", status, problem } | { kind: "unknown" } (the device is
  // revoked) | { kind: "later", seconds, status } | { kind: "away" }
  async ask(path, { token, body, tag, method = body === undefined ? "GET" : "POST", patience = PATIENCE }) {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (tag) headers["If-None-Match"] = tag;
    try {
      const response = await fetch(this.root + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        // A session of this browser is nobody's business here; a redirection is never ours.
        credentials: "omit",
        redirect: "error",
        cache: "no-store",
        signal: within(patience),
      });
      return await this.read(response);
    } catch {
      return { kind: "away" };
    }
  }

  async read(response) {
    if (response.status === 304) {
      this.note(response);
      return { kind: "answer", status: 304, body: null, tag: response.headers.get("ETag") };
    }
    if (!isJson(response)) return { kind: "away", status: response.status };
    const body = await response.json();
    if (response.ok) {
      this.note(response);
      return { kind: "answer", status: response.status, body, tag: response.headers.get("ETag") };
    }
    return this.refused(response, body);
  }

  refused(response, problem) {
    // A problem of ours says so by its type; anything else in JSON is somebody's proxy.
    if (!String(problem?.type).startsWith("urn:poincon:problem:")) return { kind: "away", status: response.status };
    this.note(response);
    if (response.status === 401) return { kind: "unknown" };
    if (response.status === 429 || response.status >= 500) {
      return { kind: "later", seconds: secondsOf(response), status: response.status };
    }
    return { kind: "refused", status: response.status, problem };
  }

  note(response) {
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (Number.isFinite(date)) this.heard(date);
  }
}

export const ids = {
  // A version 7: sorted by time in the database of the server, unpredictable all the same.
  make(now = Date.now()) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    for (let index = 0; index < 6; index += 1) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) & 0xff;
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  },
};
