// Data that pages store in the browser for themselves and for the offline page (page.js): the
// signed-in account and the messages read last. The outbox uses the same database.
//
// Storing is optional: if the browser stores nothing, everything else works, and functions here
// throw only where they say so.

/**
 * @typedef {{ id: string, name: string }} Account
 *
 * @typedef {object} SavedChannel A channel that can be read offline.
 * @property {string} channel
 * @property {string} name
 * @property {string} path
 * @property {number} at Time of saving, by the server's clock.
 * @property {{ nonce: string, author: string, text: string, at: string }[]} messages
 */

/** Unused data is deleted after this time, in milliseconds. */
const KEEP = 30 * 24 * 3600 * 1000;
/** Maximum number of channels that can be read offline. */
const MOST_CHANNELS = 30;
/** Maximum number of characters saved per channel. */
const MOST_TEXT = 60_000;

/** Key in local storage: the account that is about to sign out. */
const LEAVING = "rialto-leaving";
/** Key in session storage: the account that the drafts belong to. */
const DRAFTS_OF = "drafts-of";

// ---- The database -------------------------------------------------------------------------------

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((done, fail) => {
    const request = indexedDB.open("rialto", 1);
    request.onupgradeneeded = () => {
      const outbox = request.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
      outbox.createIndex("nonce", "nonce", { unique: true });
      request.result.createObjectStore("kept", { keyPath: "channel" });
      request.result.createObjectStore("state");
    };
    request.onsuccess = () => {
      // Closes the database so that a page with a newer schema can upgrade it.
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = undefined);
      done(request.result);
    };
    request.onerror = () => fail(request.error);
  });
  return opening;
}

/**
 * Runs one transaction on one store and returns the result of `work`'s request once it is
 * committed. Rejects if the browser stores nothing.
 * @template T
 * @param {"outbox" | "kept" | "state"} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | void} work
 * @param {IDBTransactionDurability} [durability]
 * @returns {Promise<T>}
 */
export async function transact(name, mode, work, durability = "relaxed") {
  const db = await database();
  return new Promise((done, fail) => {
    const transaction = db.transaction(name, mode, { durability });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => done(/** @type {T} */ (request?.result));
    transaction.onabort = () => fail(transaction.error);
  });
}

/**
 * Deletes the entries for which `which` returns true.
 * @template T
 * @param {"outbox" | "kept"} name
 * @param {(entry: T) => boolean} which
 */
export async function remove(name, which) {
  await quietly(() =>
    transact(name, "readwrite", (store) => {
      const request = store.openCursor();
      request.onsuccess = () => {
        if (request.result && which(request.result.value)) request.result.delete();
        request.result?.continue();
      };
    }),
  );
}

// ---- Account ------------------------------------------------------------------------------------

/** @type {string | undefined} The current account; nothing is saved for any other. */
let account;

/** The current account. */
export function current() {
  return account;
}

/**
 * Sets the signed-in account. Deletes what was saved for other accounts, and old entries.
 * @param {string} id
 * @param {string} name
 */
export async function enter(id, name) {
  account = id;
  local()?.removeItem(LEAVING);
  ownDrafts(id);
  const before = await last();
  if (before?.id !== id) await remove("kept", () => true);
  await quietly(() => transact("state", "readwrite", (store) => store.put({ id, name }, "account")));
  const tooOld = Date.now() - KEEP;
  await remove("kept", (/** @type {SavedChannel} */ kept) => kept.at < tooOld);
  await remove("outbox", (/** @type {{ at: number }} */ entry) => entry.at < tooOld);
}

/** Marks a sign-out as started: the next page without an account deletes all data of this one. */
export function leaving() {
  if (account) local()?.setItem(LEAVING, account);
}

/**
 * Called without a signed-in account: deletes the saved channels. The outbox stays, unless the
 * account has signed out.
 */
export async function nobody() {
  account = undefined;
  await remove("kept", () => true);
  await quietly(() => transact("state", "readwrite", (store) => store.delete("account")));
  const left = local()?.getItem(LEAVING);
  if (!left) return;
  forgetDrafts();
  await remove("outbox", (/** @type {{ account: string }} */ entry) => entry.account === left);
  local()?.removeItem(LEAVING);
}

/** Without a server: uses the account that was signed in last. */
export async function resume() {
  const known = await last();
  account = known?.id;
  if (known) ownDrafts(known.id);
  return known;
}

/** @returns {Promise<Account | undefined>} */
async function last() {
  return transact("state", "readonly", (store) => store.get("account")).catch(() => undefined);
}

/**
 * Deletes drafts of another account that used this tab before.
 * @param {string} id
 */
function ownDrafts(id) {
  if (sessionStorage.getItem(DRAFTS_OF) !== id) forgetDrafts();
  sessionStorage.setItem(DRAFTS_OF, id);
}

function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:")) sessionStorage.removeItem(key);
  }
}

/** Local storage, unless the browser blocks it. */
function local() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

// ---- Saved channels -----------------------------------------------------------------------------

/**
 * Saves the newest messages of a channel.
 * @param {string} channel
 * @param {string} name
 * @param {string} path Path of its page.
 * @param {number} at The server's time.
 * @param {string} json The messages, oldest first.
 */
export async function saveChannel(channel, name, path, at, json) {
  const owner = account;
  if (!owner) return;
  /** @type {SavedChannel["messages"]} */
  const all = JSON.parse(json);
  let length = 0;
  const messages = all.reverse().filter((message) => (length += message.text.length) <= MOST_TEXT);
  const entry = { channel, name, path, at, messages: messages.reverse() };
  await quietly(() => transact("kept", "readwrite", (store) => store.put(entry)));
  const beyond = (await kept()).slice(MOST_CHANNELS).map((one) => one.channel);
  await remove("kept", (/** @type {SavedChannel} */ one) => account !== owner || beyond.includes(one.channel));
}

/**
 * The saved channels, the last saved first.
 * @returns {Promise<SavedChannel[]>}
 */
export async function kept() {
  /** @type {SavedChannel[]} */
  const all = await transact("kept", "readonly", (store) => store.getAll()).catch(() => []);
  return all.sort((a, b) => b.at - a.at);
}

/**
 * Deletes a channel that the account can no longer read, with its messages in the outbox.
 * @param {string} channel
 */
export async function drop(channel) {
  sessionStorage.removeItem(`draft:${channel}`);
  await remove("outbox", (/** @type {{ channel: string }} */ entry) => entry.channel === channel);
  await remove("kept", (/** @type {SavedChannel} */ one) => one.channel === channel);
}

/**
 * Runs optional work; logs its errors.
 * @param {() => Promise<unknown>} work
 */
export async function quietly(work) {
  try {
    await work();
  } catch (error) {
    console.warn("not kept:", error);
  }
}
