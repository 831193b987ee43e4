// What a page keeps in the browser, for itself and for the page that is shown offline (page.js):
// who is signed in, and the messages that were read last. The database is the outbox's too.
//
// Keeping is a courtesy: in a browser that keeps nothing all else works, and nothing here throws
// unless it says so.

/**
 * @typedef {{ id: string, name: string }} Account
 *
 * @typedef {object} Kept What can be read of a channel.
 * @property {string} channel
 * @property {string} name
 * @property {string} path
 * @property {number} at When it was kept, by the server's clock.
 * @property {{ nonce: string, author: string, text: string, at: string }[]} messages
 */

/** What nobody came back to for so long is removed, in milliseconds. */
const KEEP = 30 * 24 * 3600 * 1000;
/** Channels that can be read offline. */
const MOST_CHANNELS = 30;
/** Characters that are kept of one channel. */
const MOST_TEXT = 60_000;

/** In the local storage: the account that is about to sign out. */
const LEAVING = "rialto-leaving";
/** In the session storage: whose drafts are there. */
const DRAFTS_OF = "drafts-of";

// ---- The database ---------------------------------------------------------------------------

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
      // Another page with a newer layout comes first.
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = undefined);
      done(request.result);
    };
    request.onerror = () => fail(request.error);
  });
  return opening;
}

/**
 * Runs one transaction on one store; the result of `work`'s request once it is written. Fails
 * where the browser keeps nothing.
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
 * Removes what `which` names.
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

// ---- Whose ----------------------------------------------------------------------------------

/** @type {string | undefined} The account that looks; nothing is kept for anybody else. */
let account;

/** The account that looks. */
export function current() {
  return account;
}

/**
 * Somebody is signed in: what was kept for others goes, and what is old.
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
  await remove("kept", (/** @type {Kept} */ kept) => kept.at < tooOld);
  await remove("outbox", (/** @type {{ at: number }} */ entry) => entry.at < tooOld);
}

/** They are about to sign out: the next page without anybody forgets all that was theirs. */
export function leaving() {
  if (account) local()?.setItem(LEAVING, account);
}

/** Nobody is signed in: nothing is left to read. What is not sent stays, unless they left. */
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

/** Without a server to ask: whoever was signed in last. */
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
 * Drafts of somebody else who used this tab before go.
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

/** The local storage, unless the browser blocks it. */
function local() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

// ---- What was read --------------------------------------------------------------------------

/**
 * Keeps the newest messages of a channel.
 * @param {string} channel
 * @param {string} name
 * @param {string} path Where its page is.
 * @param {number} at The server's time.
 * @param {string} json The messages, oldest first.
 */
export async function keep(channel, name, path, at, json) {
  const owner = account;
  if (!owner) return;
  /** @type {Kept["messages"]} */
  const all = JSON.parse(json);
  let length = 0;
  const messages = all.reverse().filter((message) => (length += message.text.length) <= MOST_TEXT);
  const entry = { channel, name, path, at, messages: messages.reverse() };
  await quietly(() => transact("kept", "readwrite", (store) => store.put(entry)));
  const beyond = (await kept()).slice(MOST_CHANNELS).map((one) => one.channel);
  await remove("kept", (/** @type {Kept} */ one) => account !== owner || beyond.includes(one.channel));
}

/**
 * What can be read, the channel that was kept last first.
 * @returns {Promise<Kept[]>}
 */
export async function kept() {
  /** @type {Kept[]} */
  const all = await transact("kept", "readonly", (store) => store.getAll()).catch(() => []);
  return all.sort((a, b) => b.at - a.at);
}

/**
 * A channel that cannot be read any more: what was to be sent there goes as well.
 * @param {string} channel
 */
export async function drop(channel) {
  sessionStorage.removeItem(`draft:${channel}`);
  await remove("outbox", (/** @type {{ channel: string }} */ entry) => entry.channel === channel);
  await remove("kept", (/** @type {Kept} */ one) => one.channel === channel);
}

/**
 * Does what the page can do without.
 * @param {() => Promise<unknown>} work
 */
export async function quietly(work) {
  try {
    await work();
  } catch (error) {
    console.warn("not kept:", error);
  }
}
