// Creates the PNGs of the app's manifest. They are checked in; run this by hand after changes:
//
//   node pictures.mjs                          icons, from the SVGs in public/icons
//   node pictures.mjs http://127.0.0.1:3000    screenshots, from a server with an empty data folder

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const PUBLIC = join(import.meta.dirname, "../public");
const ICONS = [
  ["icon.svg", "icon-192.png", 192],
  ["icon.svg", "icon-512.png", 512],
  ["maskable.svg", "maskable-192.png", 192],
  ["maskable.svg", "maskable-512.png", 512],
  ["maskable.svg", "apple-touch-icon.png", 180],
  ["shortcut-channels.svg", "shortcut-channels.png", 96],
  ["shortcut-settings.svg", "shortcut-settings.png", 96],
];
const TALK = [
  ["bruno", "Morning all. Anybody looking at the close of AAPL?"],
  ["ada", "I am. **Volume** was the thing yesterday, not the price."],
  ["ada", "/stock=aapl.us"],
  ["carla", "Thin into the holiday, I would not read much into it."],
  ["bruno", "Agreed. I keep a note of what we said, so that we can look back in March."],
  ["carla", "/stock=msft.us"],
  ["ada", "Steady. I will write up the week for #earnings tonight."],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
await (process.argv[2] ? screenshots(process.argv[2]) : icons());
await browser.close();

async function icons() {
  for (const [from, to, size] of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const svg = await readFile(join(PUBLIC, "icons", from), "utf8");
    await page.setContent(`<style>body { margin: 0 } svg { display: block; inline-size: 100vw }</style>${svg}`);
    await page.screenshot({ path: join(PUBLIC, "icons", to), omitBackground: true });
    await page.close();
  }
}

async function screenshots(url) {
  const tokens = new Map();
  for (const name of ["ada", "bruno", "carla"]) {
    const person = { username: name, email: `${name}@rialto.example`, password: "lantern-over-water-7" };
    await call(url, "/api/register", undefined, person);
    tokens.set(name, (await call(url, "/api/login", undefined, person)).token);
  }
  const { rooms } = await call(url, "/api/rooms", tokens.get("ada"));
  const general = rooms[0].room_id;
  for (const [name, text] of TALK) {
    const before = (await read(url, general, tokens.get("ada"))).length;
    await call(url, `/api/channels/${general}/messages`, tokens.get(name), { text });
    // Waits for the bot's reply before the next message.
    const most = text.startsWith("/") ? 2 : 1;
    while ((await read(url, general, tokens.get("ada"))).length < before + most) await new Promise(setImmediate);
  }
  for (const room_name of ["earnings", "macro", "options"]) await call(url, "/api/rooms", tokens.get("ada"), { room_name });
  for (const name of ["bruno", "carla"]) await enter(url, name, {});
  // Messages that ada has read once are not unread in the screenshots.
  await (await enter(url, "ada", {})).locator(".timeline").evaluate((timeline) => timeline.scrollTo(0, 0));
  for (const [name, width, height, scale] of [["wide", 1280, 800, 1], ["narrow", 390, 844, 2]]) {
    const looks = { viewport: { width, height }, deviceScaleFactor: scale, colorScheme: "dark", hasTouch: scale > 1 };
    const page = await enter(url, "ada", looks);
    await page.screenshot({ path: join(PUBLIC, "screenshots", `${name}.png`), animations: "disabled" });
    await page.context().close();
  }
}

/** Opens a member's page and waits until it is connected. */
async function enter(url, name, looks) {
  const context = await browser.newContext({ baseURL: url, locale: "en-GB", ...looks });
  await context.request.post("/rpc/accounts/sign_in", {
    form: { name, password: "lantern-over-water-7" },
    headers: { origin: url, accept: "text/html" },
    maxRedirects: 0,
  });
  const page = await context.newPage();
  const alive = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
  await page.goto("/");
  await alive;
  // The read marker updates after a moment.
  await page.waitForResponse(/members/).catch(() => undefined);
  return page;
}

async function read(url, channel, token) {
  return (await call(url, `/api/channels/${channel}/messages?limit=100`, token)).messages;
}

async function call(url, path, token, body) {
  const answer = await fetch(url + path, {
    method: body ? "POST" : "GET",
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
