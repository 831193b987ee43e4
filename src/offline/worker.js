// The service worker: caches the files of one build, and shows the offline page when the server is
// unreachable. Served as /sw.js; the server puts one line before it:
//   const BUILD = { id: "…", files: ["/pkg/…", …] };
//
// It never caches pages or responses: their content depends on the account. Pages store the
// messages that can be read offline themselves (store.js), for the account that read them.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const PREFIX = "rialto-";
const KEPT = PREFIX + BUILD.id;
const OFFLINE = "/offline";

/** Milliseconds that a page may take to respond before the offline page is shown. */
const PATIENCE = 10_000;

/** Navigations to these paths are not pages. */
const NO_PAGES = ["/api", "/rpc", "/pkg", "/health"];

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/pkg/")) {
    event.respondWith(hashed(request));
  } else if (request.mode === "navigate" && !NO_PAGES.some((path) => isBelow(url.pathname, path))) {
    event.respondWith(page(event));
    event.waitUntil(forgetOldBuilds());
  }
});

// Pages send their language; the offline page is cached in that language.
worker.addEventListener("message", (event) => {
  const language = event.data?.language;
  if (typeof language === "string") event.waitUntil(follow(language));
});

async function install() {
  const cache = await caches.open(KEPT);
  await cache.addAll(BUILD.files);
  await keepOfflinePage(cache);
  // Activates at once: pages of older builds still find their files (see `hashed`).
  await worker.skipWaiting();
}

async function activate() {
  // Lets the browser request the page while the worker starts.
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
  await forgetOldBuilds();
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Pages of older builds offer to load the new one.
  for (const page of pages) page.postMessage({ build: BUILD.id });
}

/** A file whose name changes with its content, so any copy is valid. */
async function hashed(/** @type {Request} */ request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** A page from the server; the offline page if that takes too long or fails. */
async function page(/** @type {FetchEvent} */ event) {
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const answer = await Promise.race([fresh(event), late]);
    if (answer && !isAway(answer)) return answer;
  } catch {
    // No network, or the server is down.
  }
  return (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
}

/** @returns {Promise<Response>} */
async function fresh(/** @type {FetchEvent} */ event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

/** true if a proxy reports that it cannot reach the server. */
function isAway(/** @type {Response} */ answer) {
  return answer.status === 502 || answer.status === 504;
}

async function keepOfflinePage(/** @type {Cache} */ cache) {
  const answer = await fetch(new Request(OFFLINE, { cache: "reload", credentials: "same-origin" }));
  if (!answer.ok) throw new Error(`${OFFLINE}: ${answer.status}`);
  await cache.put(OFFLINE, answer);
}

async function follow(/** @type {string} */ language) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(OFFLINE, { ignoreVary: true });
  if (kept?.headers.get("content-language") === language) return;
  // Ignores errors while the server is down: a later message tries again.
  await keepOfflinePage(cache).catch(() => undefined);
}

/**
 * Deletes the files of builds that no page uses. A page holds its build's lock as long as it is
 * open (app.js).
 */
async function forgetOldBuilds() {
  const { held = [] } = await navigator.locks.query();
  const used = new Set(held.map((lock) => lock.name));
  for (const name of await caches.keys()) {
    const old = name.startsWith(PREFIX) && name !== KEPT;
    if (old && !used.has(`build:${name.slice(PREFIX.length)}`)) await caches.delete(name);
  }
}

function isBelow(/** @type {string} */ path, /** @type {string} */ folder) {
  return path === folder || path.startsWith(`${folder}/`);
}
