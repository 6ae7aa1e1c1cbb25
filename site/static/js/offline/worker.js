// Between the pages and the network: the network first; without it, what this device keeps. Asks the site from time to time
// what may stay. It follows store.js in the same file (council.offline.views.worker).
const EVERY = 30_000; // milliseconds between two contacts
const HOME = "/hors-ligne/";
const SIGN_OUT = "/deconnexion/";
let asked = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || url.pathname.startsWith("/admin/")) return;
  if (request.method === "POST" && url.pathname === SIGN_OUT) event.respondWith(signingOut(request));
  else if (request.method === "GET" && !url.pathname.startsWith("/hors-ligne/etat")) event.respondWith(answer(event));
});

async function answer(event) {
  const { request } = event;
  try {
    const found = await fetch(request);
    if (request.mode === "navigate") event.waitUntil(seen(request, found.clone()));
    return found;
  } catch (trouble) {
    const kept = await caches.match(request.url.split("#")[0], { ignoreVary: true });
    if (kept) return kept;
    const home = request.mode === "navigate" && (await caches.match(HOME, { ignoreVary: true }));
    if (home) return home;
    throw trouble;
  }
}

// The site was reached. What it refuses now is here no more; a page that is kept is kept as it was just seen.
async function seen(request, found) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(offline.CACHE)) continue;
    const cache = await caches.open(name);
    if (!(await cache.match(request.url, { ignoreVary: true }))) continue;
    if (found.ok && !found.redirected) await cache.put(request.url, found.clone());
    else if ([401, 403, 404, 410].includes(found.status)) await cache.delete(request.url, { ignoreVary: true });
  }
  if (Date.now() - asked < EVERY && found.type !== "opaqueredirect") return;
  asked = Date.now();
  await offline.sync();
}

// The notes that wait leave first; then nothing that can be read stays, whether the site could be told or not.
async function signingOut(request) {
  const told = await offline.ask([]);
  if (told) await offline.send(told.csrf);
  await offline.leave();
  try {
    return await fetch(request);
  } catch {
    const words = "Sans réseau, le site ne sait pas encore que vous partez. Ce qui était gardé sur cet appareil est effacé.";
    return new Response(words, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
  }
}
