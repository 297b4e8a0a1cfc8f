// The service worker. The server puts RELEASE before it: { version, assets,
// files, pages, online, fallback }.
// It answers for the entry pages and for files of its own release; never for the API.

const CACHE = `bienmap-${RELEASE.version}`;
// No page is open that could lock it after 15 minutes without a touch: an older key is not given out.
const LONGEST_KEPT = 15 * 60_000;
let kept = null;
let keptAt = 0;

async function fetchWhole(address, version) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache", redirect: "error" });
  // An update of the server in between would mix two releases.
  if (!answer.ok || answer.headers.get("ETag") !== `"${version}"`) throw new Error(address);
  return answer;
}

async function install() {
  const cache = await caches.open(CACHE);
  const keep = (version) => async (address) => cache.put(address, await fetchWhole(address, version));
  await Promise.all([...RELEASE.files.map(keep(RELEASE.assets)), ...RELEASE.pages.map(keep(RELEASE.version))]);
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("bienmap-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function fromCache(address, request) {
  const cache = await caches.open(CACHE);
  return await cache.match(address) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const language = url.searchParams.get("lang") === "en" ? "?lang=en" : "";
  if (request.mode === "navigate") {
    const page = url.pathname + language;
    if (RELEASE.pages.includes(page)) event.respondWith(fromCache(page, request));
    else if (RELEASE.online.includes(url.pathname)) {
      event.respondWith(fetch(request).catch(() => Response.redirect(RELEASE.fallback + language)));
    }
  } else if (RELEASE.files.includes(url.pathname)) event.respondWith(fromCache(url.pathname, request));
});

// Between two pages the open vault is held here, in memory only: a key that no script can read.
self.addEventListener("message", (event) => {
  if (event.data.type === "keep") [kept, keptAt] = [event.data.opened, Date.now()];
  if (event.data.type === "forget") kept = null;
  if (event.data.type === "ask") {
    if (Date.now() - keptAt > LONGEST_KEPT) kept = null;
    event.ports[0].postMessage(kept);
  }
});
