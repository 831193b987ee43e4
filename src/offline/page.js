// The offline page, shown when the server is unreachable (page.rs renders it): the messages read
// last, and an input for new ones. It uses only data stored in the browser.

import { start } from "./app.js";
import { entries, discard, send, watch } from "./outbox.js";
import { kept, resume } from "./store.js";

/** Interval of checks whether the server is back, in milliseconds. */
const LOOK = 5_000;
/** If the page returns here within this time, in milliseconds, it continues only on demand. */
const SOON = 60_000;
const WENT_ON = "rialto-went-on";

/** @typedef {import("./store.js").SavedChannel} SavedChannel */
/** @typedef {import("./outbox.js").Entry} Entry */

const html = document.documentElement;
/** The day comes before the month, as everywhere in the app. */
const locale = html.lang === "en" ? "en-GB" : html.lang;
const title = part("offline-title");
const composer = /** @type {HTMLFormElement} */ (part("offline-composer"));
const input = /** @type {HTMLTextAreaElement} */ (part("composer"));
const list = part("offline-messages");

/** @type {SavedChannel | undefined} The open channel. */
let open;

await begin();

async function begin() {
  start(html.dataset.build ?? "");
  followTheme();
  const [account, channels] = [await resume(), await kept()];
  part("offline-reason").textContent = texts(navigator.onLine ? "away" : "offline");
  if (account && channels.length > 0) {
    part("offline-reader").hidden = false;
    part("offline-account").textContent = account.name;
    const asked = channels.find((one) => location.pathname.endsWith(`/${one.channel}`));
    drawChannels(channels);
    await show(asked ?? channels[0]);
  } else {
    part("offline-nothing").hidden = false;
  }
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    void write();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void write();
  });
  input.addEventListener("input", keepDraft);
  watch(() => void draw());
  part("offline-on").addEventListener("click", goOn);
  addEventListener("online", look);
  addEventListener("offline", () => (part("offline-reason").textContent = texts("offline")));
  addEventListener("visibilitychange", look);
  setInterval(look, LOOK);
  void look();
}

// ---- Reading ------------------------------------------------------------------------------------

/** @param {SavedChannel[]} channels */
function drawChannels(channels) {
  const buttons = channels.map((channel) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "offline-channel";
    button.dataset.channel = channel.channel;
    button.textContent = channel.name;
    button.addEventListener("click", () => void show(channel));
    return button;
  });
  part("offline-channels").replaceChildren(...buttons);
}

/** @param {SavedChannel | undefined} channel */
async function show(channel) {
  if (!channel) return;
  open = channel;
  title.textContent = channel.name;
  for (const button of part("offline-channels").querySelectorAll("button")) {
    const current = button.dataset.channel === channel.channel;
    if (current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  part("offline-updated").textContent = texts("updated").replace("%TIME%", moment(channel.at));
  const label = texts("write").replace("%CHANNEL%", channel.name);
  input.placeholder = label;
  input.setAttribute("aria-label", label);
  input.value = sessionStorage.getItem(draftKey(channel)) ?? "";
  await draw();
  list.scrollTop = list.scrollHeight;
}

async function draw() {
  const channel = open;
  if (!channel) return;
  const account = (await resume())?.id;
  const known = new Set(channel.messages.map((message) => message.nonce));
  const waiting = (await entries()).filter(
    (entry) => entry.channel === channel.channel && entry.account === account && !known.has(entry.nonce),
  );
  const rows = [];
  let before;
  for (const message of channel.messages) {
    const day = dayOf(message.at);
    if (day !== (before && dayOf(before.at))) rows.push(dayLine(day));
    rows.push(row(message.author, message.text, clock(message.at)));
    before = message;
  }
  rows.push(...waiting.map(waitingRow));
  list.replaceChildren(...rows);
}

/** @param {string} day */
function dayLine(day) {
  const line = document.createElement("li");
  line.className = "day-line";
  line.append(element("span", "", day));
  return line;
}

/**
 * @param {string} author
 * @param {string} text
 * @param {string} note
 */
function row(author, text, note) {
  const line = document.createElement("li");
  line.className = "offline-message";
  const head = element("p", "offline-message-head", "");
  const name = document.createElement("bdi");
  name.textContent = author;
  head.append(name, " ", element("span", "clock", note));
  line.append(head, element("p", "offline-message-text", text));
  return line;
}

/** @param {Entry} entry */
function waitingRow(entry) {
  const author = part("offline-account").textContent ?? "";
  const line = row(author, entry.text, texts(entry.refused ? "refused" : "waiting"));
  line.classList.add("waiting");
  const take = element("button", "link-button", texts("discard"));
  take.setAttribute("type", "button");
  take.addEventListener("click", () => void discard(entry.nonce));
  line.append(take);
  return line;
}

// ---- Writing ------------------------------------------------------------------------------------

async function write() {
  const text = input.value.replace(/^\n+|\s+$/g, "");
  if (!open || !text.trim()) return;
  input.value = "";
  keepDraft();
  await send(open.channel, crypto.randomUUID(), text);
  await draw();
  list.scrollTop = list.scrollHeight;
  input.focus();
}

/** Stores the draft; the next page restores it. */
function keepDraft() {
  if (!open) return;
  if (input.value) sessionStorage.setItem(draftKey(open), input.value);
  else sessionStorage.removeItem(draftKey(open));
}

/** @param {SavedChannel} channel */
function draftKey(channel) {
  return `draft:${channel.channel}`;
}

// ---- Leaving the offline page -------------------------------------------------------------------

/** Checks whether the server is back. If so, opens the real page, unless the input has text. */
async function look() {
  if (document.hidden) return;
  const back = await fetch("/health", { cache: "no-store" }).then((answer) => answer.status < 502, () => false);
  if (!back) return;
  const wentOn = Number(sessionStorage.getItem(WENT_ON));
  if (!input.value && Date.now() - wentOn > SOON) goOn();
  else part("offline-back").hidden = false;
}

function goOn() {
  sessionStorage.setItem(WENT_ON, String(Date.now()));
  if (location.pathname === "/offline") location.replace("/");
  else location.reload();
}

// ---- Helpers ------------------------------------------------------------------------------------

/** The page is cached for both themes; the choice is a cookie. */
function followTheme() {
  const theme = /(?:^|; )theme=(dark|light)/.exec(document.cookie)?.[1];
  if (theme) html.dataset.theme = theme;
  else delete html.dataset.theme;
}

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * A text of the catalogue, which the server wrote into the page.
 * @param {string} name
 */
function texts(name) {
  return part("offline-texts").dataset[name] ?? "";
}

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} text
 */
function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

/** @param {number} at */
function moment(at) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** @param {string} at */
function dayOf(at) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(new Date(at));
}

/** @param {string} at */
function clock(at) {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short", hourCycle: "h23" }).format(new Date(at));
}
