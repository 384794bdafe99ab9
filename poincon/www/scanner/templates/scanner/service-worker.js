// Keeps the scanner on the phone. Written by the server: version {{ version }} is the digest of the files below.

const VERSION = "{{ version }}";
const FILES = new Map({{ files|safe }});
const CACHE = `poincon-scanner-${VERSION}`;

const digest = async (content) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return btoa(String.fromCharCode(...bytes));
};

// A file that is not what was announced (another deployment, the page of a hotel's network) stops the installation: the
// version in place keeps working, and the next contact tries again.
const keep = async (cache, [address, announced]) => {
  const response = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!response.ok || (await digest(await response.clone().arrayBuffer())) !== announced) {
    throw new Error(`${address} is not the file of version ${VERSION}`);
  }
  await cache.put(address, response);
};

const install = async () => {
  const cache = await caches.open(CACHE);
  await Promise.all([...FILES].map((file) => keep(cache, file)));
};

const activate = async () => {
  const kept = (await caches.keys()).filter((name) => name.startsWith("poincon-scanner-") && name !== CACHE);
  await Promise.all(kept.map((name) => caches.delete(name)));
  await self.clients.claim();
};

const answer = async (request, address) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// A new version waits until the page says that nobody is in the middle of something.
self.addEventListener("message", (event) => event.data === "take-over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // The page is one, whatever follows its question mark; what is not listed (the API, signing in) goes to the network.
  if (FILES.has(pathname)) event.respondWith(answer(request, pathname));
});
