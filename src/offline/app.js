// What every page starts before the app: it tells the service worker about itself, offers a new
// build and the installation, and gives the Rust side (browser.rs) its hands.

import * as outbox from "./outbox.js";
import * as store from "./store.js";

/** A new build is looked for at most this often when a page is shown again, in milliseconds. */
const LOOK = 3600 * 1000;

/** @type {(Event & { prompt(): Promise<unknown> }) | undefined} */
let invitation;
let looked = Date.now();

/**
 * Once for each page.
 * @param {string} build What the page was made from.
 */
export function start(build) {
  Object.assign(globalThis, { rialto: { ...store, ...outbox, look, install, load } });
  // The worker keeps this build's files for as long as the lock is held.
  void navigator.locks?.request(`build:${build}`, { mode: "shared" }, () => new Promise(() => undefined));
  const { dataset } = document.documentElement;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invitation = /** @type {typeof invitation} */ (event);
    dataset.installable = "";
  });
  addEventListener("appinstalled", () => delete dataset.installable);
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", ({ data }) => {
    const offer = document.getElementById("new-build");
    if (offer && data.build && data.build !== build) offer.hidden = false;
  });
  document.getElementById("new-build-later")?.addEventListener("click", ({ target }) => {
    const offer = /** @type {Element} */ (target).closest("#new-build");
    offer?.setAttribute("hidden", "");
  });
  // What the page itself needs comes first.
  if (document.readyState === "complete") void register();
  else addEventListener("load", register, { once: true });
  addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - looked > LOOK) void look();
  });
}

async function register() {
  await store.quietly(async () => {
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    registration.active?.postMessage({ language: document.documentElement.lang });
  });
}

/**
 * Loads a module that few pages need.
 * @param {string} address
 * @returns {Promise<unknown>}
 */
function load(address) {
  return import(address);
}

/** Looks for a new build: after a loss the server may have come back as another. */
async function look() {
  looked = Date.now();
  const registration = await navigator.serviceWorker?.getRegistration();
  // Not reached: there will be another time.
  await registration?.update().catch(() => undefined);
}

/** Asks the browser to install the app, after it has offered that. */
async function install() {
  delete document.documentElement.dataset.installable;
  await invitation?.prompt();
  invitation = undefined;
}
