// The outbox: messages that are not confirmed yet. It survives reloads, closed tabs and long
// periods without network.
//
// A message is stored under its nonce before it is sent, and stays until the server has responded.
// One tab at a time, the holder of the outbox's lock, sends the messages in order, one by one, over
// its own connection; other tabs are notified. If that tab closes in between, the next one sends
// the message again; the server stores a nonce once, so a message sent twice is stored once.
// Entries belong to an account and are sent over its connection only.

import { current, quietly, remove, transact } from "./store.js";

/**
 * @typedef {object} Entry A message in the outbox.
 * @property {number} [id] Position in the outbox.
 * @property {string} account
 * @property {string} channel
 * @property {string} nonce
 * @property {string} text
 * @property {number} at Time of writing.
 * @property {boolean} patient Written offline: a rate limit delays it without an error.
 * @property {Refusal} [refused] The server's error.
 *
 * @typedef {{ kind: string, code: string, details?: Record<string, string> }} Refusal
 * @typedef {{ rev?: number, refused?: Refusal }} Answer
 *
 * @typedef {object} Link A connection over which messages can be sent.
 * @property {string} account
 * @property {(nonce: string, channel: string, text: string) => void} deliver
 * @property {Promise<undefined>} closed
 * @property {() => void} close
 *
 * @typedef {object} Change New state of a message: pending (text), rejected (text and refused),
 *   stored (rev) or discarded (none of these).
 * @property {string} channel
 * @property {string} nonce
 * @property {string} [text]
 * @property {string} [refused] The error as JSON.
 * @property {number} [rev]
 *
 * @typedef {(channel: string, nonce: string, text?: string, refused?: string, rev?: number) => void} Listener
 */

/** Delay before a retry if the server does not say how long, in milliseconds. */
const LATER = 2_000;

/** @type {Entry[]} Entries that could not be stored, in a browser that stores nothing. */
let unwritten = [];
/** @type {Link | undefined} */
let link;
/** @type {Listener} */
let hear = () => undefined;
/** @type {Map<string, (answer: Answer) => void>} */
const asked = new Map();
/** @type {Set<string>} Nonces that are no longer pending: a list may have been read before that. */
const gone = new Set();
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("rialto-outbox") : undefined;

if (others) {
  others.onmessage = ({ data }) => {
    if (data.account !== current()) return;
    note(data.change);
    void drain();
  };
}

/**
 * Sets the listener for changes of messages in all tabs.
 * @param {Listener} listener
 */
export function watch(listener) {
  hear = listener;
}

/**
 * Sets the connection over which messages of an account can be sent.
 * @param {string} account
 * @param {Link["deliver"]} deliver Sends a message; `answered` receives the server's response.
 */
export function connected(account, deliver) {
  disconnected();
  /** @type {() => void} */
  let close = () => undefined;
  /** @type {Promise<undefined>} */
  const closed = new Promise((done) => (close = () => done(undefined)));
  link = { account, deliver, closed, close };
  void drain();
}

/** The connection is closed. */
export function disconnected() {
  link?.close();
  link = undefined;
}

/**
 * The server's response to a sent message.
 * @param {string} nonce
 * @param {number} rev
 * @param {string} [refused] The error as JSON.
 */
export function answered(nonce, rev, refused) {
  asked.get(nonce)?.(refused ? { refused: JSON.parse(refused) } : { rev });
}

/**
 * Sends a message as soon as possible.
 * @param {string} channel
 * @param {string} nonce
 * @param {string} text
 */
export async function send(channel, nonce, text) {
  const account = current();
  if (!account) return;
  /** @type {Entry} */
  const entry = { account, channel, nonce, text, at: Date.now(), patient: !link };
  // Strict durability takes longer; offline there is no hurry.
  const durability = link ? "relaxed" : "strict";
  const add = transact("outbox", "readwrite", (store) => store.add(entry), durability);
  await add.catch(() => unwritten.push(entry));
  void drain();
  tellOthers(account, { channel, nonce, text });
}

/**
 * Retries a rejected message.
 * @param {string} nonce
 */
export async function retry(nonce) {
  const entry = await change(nonce, (entry) => {
    delete entry.refused;
    entry.patient = false;
  });
  if (!entry) return;
  tell(entry, { text: entry.text });
  void drain();
}

/**
 * Deletes an unsent message.
 * @param {string} nonce
 */
export async function discard(nonce) {
  const entry = (await entries()).find((entry) => entry.nonce === nonce);
  if (!entry) return;
  await forget(nonce);
  tell(entry, {});
}

/**
 * Calls the listener for each pending message of a channel.
 * @param {string} channel
 */
export async function list(channel) {
  for (const entry of await entries()) {
    if (entry.channel !== channel || entry.account !== current() || gone.has(entry.nonce)) continue;
    const refused = entry.refused && JSON.stringify(entry.refused);
    hear(channel, entry.nonce, entry.text, refused);
  }
}

/**
 * All pending messages, in the order of writing.
 * @returns {Promise<Entry[]>}
 */
export async function entries() {
  /** @type {Entry[]} */
  const written = await transact("outbox", "readonly", (store) => store.getAll()).catch(() => []);
  return [...written, ...unwritten];
}

/** Sends the pending messages, unless another tab does. */
async function drain() {
  const mine = link;
  if (!mine) return;
  await exclusively(`outbox:${mine.account}`, async () => {
    while (link === mine) {
      const entry = (await entries()).find((entry) => entry.account === mine.account && !entry.refused);
      if (!entry) return;
      const answer = await Promise.race([ask(mine, entry), mine.closed]);
      asked.delete(entry.nonce);
      // Without a response it stays for the next connection, of this tab or of another.
      if (!answer) return;
      const wait = delay(entry, answer);
      if (wait === undefined) await settle(entry, answer);
      else await Promise.race([sleep(wait), mine.closed]);
    }
  });
}

/**
 * @param {Link} mine
 * @param {Entry} entry
 * @returns {Promise<Answer>}
 */
function ask(mine, entry) {
  return new Promise((done) => {
    asked.set(entry.nonce, done);
    mine.deliver(entry.nonce, entry.channel, entry.text);
  });
}

/**
 * Milliseconds until the next attempt, if a retry can succeed.
 * @param {Entry} entry
 * @param {Answer} answer
 */
function delay(entry, { refused }) {
  switch (refused?.kind) {
    case "unavailable":
    case "unauthenticated":
      return LATER;
    case "rate_limited":
      // A message written online fails at once; one written offline waits.
      return entry.patient ? Number(refused.details?.seconds) * 1000 || LATER : undefined;
    default:
      return undefined;
  }
}

/**
 * @param {Entry} entry
 * @param {Answer} answer
 */
async function settle(entry, { rev, refused }) {
  if (refused?.code === "nonce-used") {
    // Another message has this nonce and is shown under it, so this one gets a new nonce.
    const nonce = fresh();
    await change(entry.nonce, (entry) => Object.assign(entry, { nonce, refused }));
    tell(entry, {});
    tell({ ...entry, nonce }, { text: entry.text, refused: JSON.stringify(refused) });
  } else if (refused) {
    await change(entry.nonce, (entry) => (entry.refused = refused));
    tell(entry, { text: entry.text, refused: JSON.stringify(refused) });
  } else {
    await forget(entry.nonce);
    tell(entry, { rev });
  }
}

/**
 * Changes an entry in place; undefined if it no longer exists.
 * @param {string} nonce
 * @param {(entry: Entry) => void} edit
 */
async function change(nonce, edit) {
  const entry = (await entries()).find((entry) => entry.nonce === nonce);
  if (!entry) return undefined;
  edit(entry);
  if (entry.id !== undefined) await quietly(() => transact("outbox", "readwrite", (store) => store.put(entry)));
  return entry;
}

/** @param {string} nonce */
async function forget(nonce) {
  unwritten = unwritten.filter((entry) => entry.nonce !== nonce);
  await remove("outbox", (/** @type {Entry} */ entry) => entry.nonce === nonce);
}

/**
 * Notifies all tabs of a message's new state.
 * @param {Entry} entry
 * @param {Omit<Change, "channel" | "nonce">} what
 */
function tell({ account, channel, nonce }, what) {
  const change = { channel, nonce, ...what };
  note(change);
  tellOthers(account, change);
}

/**
 * @param {string} account
 * @param {Change} change
 */
function tellOthers(account, change) {
  others?.postMessage({ account, change });
}

/** @param {Change} change */
function note(change) {
  if (change.text === undefined) gone.add(change.nonce);
  else gone.delete(change.nonce);
  hear(change.channel, change.nonce, change.text, change.refused, change.rev);
}

/** @type {Promise<void>} */
let queue = Promise.resolve();

/**
 * Runs work that one tab at a time may do; without the Web Locks API, one call at a time in this
 * tab.
 * @param {string} name
 * @param {() => Promise<void>} work
 */
async function exclusively(name, work) {
  if (navigator.locks) return navigator.locks.request(name, work);
  queue = queue.then(work, work);
  return queue;
}

/** A new unique nonce. */
function fresh() {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
