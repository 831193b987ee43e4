// What every page starts before the app: registers the service worker, offers a new build and the
// installation, and exports the functions that the Rust side (browser.rs) calls.

import * as outbox from "./outbox.js";
import * as store from "./store.js";

/** Minimum interval of checks for a new build when a page becomes visible, in milliseconds. */
const LOOK = 3600 * 1000;

/** @type {(Event & { prompt(): Promise<unknown> }) | undefined} */
let invitation;
let looked = Date.now();

/**
 * Called once per page.
 * @param {string} build Id of the page's build.
 */
export function start(build) {
  Object.assign(globalThis, { rialto: { ...store, ...outbox, look, install, load } });
  // The worker keeps this build's files as long as this lock is held.
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
  // Waits until the page's own resources have loaded.
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

/** Checks for a new build: after a lost connection the server may have been updated. */
async function look() {
  looked = Date.now();
  const registration = await navigator.serviceWorker?.getRegistration();
  // Ignores errors: a later check tries again.
  await registration?.update().catch(() => undefined);
}

/** Opens the browser's installation prompt, if it has offered one. */
async function install() {
  delete document.documentElement.dataset.installable;
  await invitation?.prompt();
  invitation = undefined;
}
