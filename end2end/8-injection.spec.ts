// User input never runs anywhere, and appears as it was typed: in the server's HTML, in the live
// page, and in API responses.

import type { Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures.ts";
import { PAYLOADS } from "./payloads.ts";
import { composer, mail, messages, open, PASSWORD, Program, signInQuietly } from "./steps.ts";
import type { Server } from "./server.ts";

test.use({
  settings: {
    RIALTO__LIMITS__REQUESTS__COUNT: "100000",
    RIALTO__LIMITS__MESSAGES__COUNT: "100000",
    RIALTO__LIMITS__REGISTRATIONS__COUNT: "1000",
    RIALTO__LIMITS__SIGN_IN_ADDRESS__COUNT: "1000",
    RIALTO__LIMITS__SIGN_IN_ACCOUNT__COUNT: "1000",
    RIALTO__LIMITS__CHANNELS__COUNT: "1000",
    RIALTO__LIMITS__CHANNELS_PER_ACCOUNT: "1000",
    RIALTO__LIMITS__BOT_MESSAGES__COUNT: "100000",
  },
});

/** Number of concurrent requests. */
const AT_ONCE = 8;

/** Records scripts that ran or that the policy blocked, in all documents of a browser. */
async function watched(person: Person): Promise<string[]> {
  const ran: string[] = [];
  await person.context.exposeFunction("noteInjection", (what: string) => ran.push(what));
  await person.context.addInitScript(() => {
    const note = (what: string) => (window as unknown as { noteInjection: (what: string) => void }).noteInjection(what);
    for (const name of ["alert", "confirm", "prompt"] as const) window[name] = () => note(name) as never;
    // The policy is the second line of defense; nothing may reach it.
    document.addEventListener("securitypolicyviolation", (event) => note(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  person.page.on("dialog", (dialog) => {
    ran.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  person.page.on("request", (request) => {
    if (new URL(request.url()).hostname.endsWith("evil.example")) ran.push(`request: ${request.url()}`);
  });
  return ran;
}

/** Returns elements and attributes that none of our pages contain, so they come from user input. */
function strangers(root: ParentNode): string[] {
  const found: string[] = [];
  const ours = "svg.sprite, svg.icon, svg.line-drawing, svg.bridge-drawing, .logo";
  const never = "iframe, frame, frameset, object, embed, applet, base, marquee, video, audio, math, template, foreignObject, animate, set, image, keygen, isindex, xss, custom-element, style, noscript, meta[http-equiv]";
  for (const element of root.querySelectorAll(never)) found.push(`element: ${element.outerHTML.slice(0, 120)}`);
  for (const element of root.querySelectorAll("script:not([nonce])")) found.push(`script: ${element.outerHTML.slice(0, 120)}`);
  for (const svg of root.querySelectorAll("svg")) if (!svg.closest(ours)) found.push(`svg: ${svg.outerHTML.slice(0, 120)}`);
  for (const element of root.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "srcdoc" || name === "formaction") found.push(`attribute: ${name} of ${element.outerHTML.slice(0, 120)}`);
      if (["href", "src", "action", "xlink:href", "data"].includes(name)) {
        const address = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
        // Members can link to any address that is shown as one.
        const linked = element.matches("a[rel~=nofollow]") && /^https?:\/\//.test(address);
        if (linked) continue;
        if (/^(javascript|data|vbscript):/.test(address) || /^([/\\]{2}|https?:)[/\\]*evil/.test(address)) found.push(`address: ${name}=${value}`);
      }
    }
  }
  return found;
}

/** Returns foreign elements in the live page. */
function live(page: Page): Promise<string[]> {
  return page.evaluate(`(${strangers.toString()})(document)`);
}

/** Returns foreign elements in the server's HTML, before scripts; the browser's parser reads it. */
async function sent(page: Page, ...paths: string[]): Promise<string[]> {
  const look = `async (path) => {
    const answer = await fetch(path, { headers: { accept: "text/html" } });
    const found = (${strangers.toString()})(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return found.map((one) => path + ": " + one);
  }`;
  const found: string[] = [];
  for (const some of chunks(paths, AT_ONCE)) {
    found.push(...(await page.evaluate<string[][]>(`Promise.all(${JSON.stringify(some)}.map(${look}))`)).flat());
  }
  return found;
}

/** Returns a message with the payload in every possible place. */
function everywhere(payload: string): string {
  return [
    `~~~ ${payload.replaceAll(/\s/g, "")}\n${payload}\n~~~`,
    payload,
    `**${payload}** *${payload}* ~~${payload}~~`,
    `> ${payload}`,
    `- ${payload}\n- ${payload}`,
    `[${payload}](https://x.example/ "${payload}")`,
    `[x](${payload})`,
    `![${payload}](${payload})`,
    `see https://x.example/${payload}`,
  ].join("\n\n");
}

type Room = { room_id: string; room_name: string };

/** Runs an action for each item, several at once; returns the results in order. */
async function forEach<T, R>(all: readonly T[], act: (one: T, at: number) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (const some of chunks(all, AT_ONCE)) {
    answers.push(...(await Promise.all(some.map((one, at) => act(one, answers.length + at)))));
  }
  return answers;
}

async function newRoom(program: Program, room_name: string): Promise<Room> {
  return (await program.call<{ room: Room }>("POST", "/api/rooms", { room_name })).room;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

test("there are enough of them, and the watch works", async ({ person }) => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(100);
  const eve = await person("eve");
  eve.allow(/console: .*Content Security Policy/, /console: .*Executing inline/);
  eve.allowStatus(404);
  const ran = await watched(eve);
  await eve.page.goto("/sign-in");
  expect(await live(eve.page)).toEqual([]);
  // Checks that the detection works: an injected element is found.
  await eve.page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>"));
  expect(await live(eve.page)).toHaveLength(1);
  await expect.poll(() => ran.length).toBeGreaterThan(0);
  expect(ran[0]).toContain("policy: script-src-attr");
});

test("in messages, said while one looks and read later", async ({ server, person }) => {
  test.setTimeout(240_000);
  const eve = await Program.register(server, "eve");
  await Program.register(server, "anna");
  const anna = await person("anna");
  const ran = await watched(anna);
  await signInQuietly(anna);
  const { page } = anna;
  for (const [n, payloads] of chunks(PAYLOADS, 40).entries()) {
    const { room_id } = await newRoom(eve, `batch-${n}`);
    const path = `/channels/x/${room_id}`;
    await open(page, path);
    for (const payload of payloads) await eve.say(everywhere(payload), room_id);
    await expect(messages(page)).toHaveCount(payloads.length, { timeout: 30_000 });
    expect(await live(page)).toEqual([]);
    const code = async () => (await page.locator(".message-body pre code").allTextContents()).map((text) => text.trim());
    const typed = payloads.map((payload) => payload.trim());
    expect(await code(), "it is shown as it was typed").toEqual(typed);
    expect(await sent(page, path)).toEqual([]);
    await open(page, path);
    await expect(messages(page)).toHaveCount(payloads.length);
    expect(await live(page)).toEqual([]);
    expect(await code()).toEqual(typed);
  }
  expect(ran).toEqual([]);
});

test("in names of people and channels, in titles, in the finder", async ({ server, person }) => {
  test.setTimeout(240_000);
  const anna = await person("anna");
  const ran = await watched(anna);
  const eve = await Program.register(server, "eve");
  await Program.register(server, "anna");
  await signInQuietly(anna);
  const named = await forEach(PAYLOADS, (payload, n) => register(server, `eve${n}`, payload));
  const taken = named.filter((name) => name !== undefined);
  expect(taken.length, "most are names that one may have").toBeGreaterThan(40);
  const rooms = (await forEach(PAYLOADS, (payload) => newRoom(eve, payload).catch(() => undefined))).filter((made) => made !== undefined);
  expect(rooms.length).toBeGreaterThan(60);
  const { page } = anna;
  await open(page);
  expect(await live(page)).toEqual([]);
  expect(await sent(page, "/")).toEqual([]);
  const links = await page.locator("nav.channels .channel-name").allTextContents();
  expect(links).toEqual(expect.arrayContaining(rooms.map((room) => room.room_name)));
  // A page of members has 100 entries; scrolling renders more of them.
  const pane = page.locator("aside.context .pane-body");
  const shown_names = page.locator(".member-name");
  await expect(async () => {
    await pane.evaluate((list) => list.scrollTo(0, list.scrollHeight));
    expect(await shown_names.count()).toBeGreaterThanOrEqual(100);
  }).toPass({ timeout: 20_000 });
  const members = await shown_names.allTextContents();
  expect(taken.filter((name) => members.includes(name)).length, "a page of members").toBeGreaterThan(40);
  for (const { room_id, room_name: name } of rooms.slice(0, 12)) {
    const path = `/channels/x/${room_id}`;
    await open(page, path);
    await expect(page).toHaveTitle(`#${name} · Rialto`);
    await expect(page.locator("h1")).toHaveText(name);
    expect(await live(page)).toEqual([]);
    expect(await sent(page, path)).toEqual([]);
  }
  // The finder shows names and the typed query.
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "Search" });
  for (const payload of PAYLOADS.filter((payload) => !/[\t\u2028]/.test(payload))) {
    await box.fill(payload);
    await expect(page.locator(".finder-foot")).not.toHaveText("");
  }
  await box.fill("script");
  await expect(page.getByRole("option").first()).toBeVisible();
  expect(await live(page)).toEqual([]);
  expect(ran).toEqual([]);
});

/**
 * Registers an account with a display name and sends a message; returns the stored display name, or
 * undefined if it is rejected.
 */
async function register(server: Server, username: string, name: string): Promise<string | undefined> {
  const answer = await fetch(`${server.url}/api/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, name, email: mail(username), password: PASSWORD }),
  });
  expect([201, 400, 409], await answer.clone().text()).toContain(answer.status);
  if (!answer.ok) return undefined;
  const { token, user } = (await answer.json()) as { token: string; user: { name: string } };
  await new Program(server, username, token).say(`it is ${username}`);
  return user.name;
}

test("in commands, drafts, addresses and error pages", async ({ server, person }) => {
  test.setTimeout(240_000);
  const anna = await person("anna");
  const ran = await watched(anna);
  for (const status of [400, 401, 404]) anna.allowStatus(status);
  const { page } = anna;
  await Program.register(server, "anna");
  const program = await Program.signIn(server, "anna");
  const origin = new URL(server.url).origin;

  // The redirect after signing in stays on this site.
  await forEach(PAYLOADS, async (payload) => {
    const answer = await fetch(server.url + "/rpc/accounts/sign_in", {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", origin, accept: "text/html" },
      body: new URLSearchParams({ name: "anna", password: PASSWORD, next: payload }),
    });
    expect(answer.status, payload).toBe(302);
    expect(answer.headers.getSetCookie(), "one is signed in").toHaveLength(2);
    const to = new URL(answer.headers.get("location") ?? "", server.url);
    expect(to.origin, payload).toBe(origin);
    expect(to.protocol, payload).toBe("http:");
  });
  const addresses = PAYLOADS.map((payload) => encodeURIComponent(payload));
  for (const address of addresses.filter((_, n) => n % 8 === 0)) {
    await page.goto(`/sign-in?next=${address}`);
    expect(await live(page), address).toEqual([]);
  }
  await page.goto("/sign-in");
  const pages = addresses.flatMap((address) => [`/sign-in?next=${address}`, `/${address}`, `/channels/x/${address}`]);
  expect(await sent(page, ...pages)).toEqual([]);

  // API responses are never HTML pages.
  const requests = addresses.flatMap((at) => [`/api/${at}`, `/api/stocks/${at}`, `/api/messages/${at}`, `/api/rooms?limit=${at}`, `/rpc/${at}`]);
  const drawn = await forEach(requests, async (path) => {
    const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${program.token}`, accept: "text/html" } });
    if (answer.headers.get("content-type")?.includes("text/html")) return [path];
    expect(answer.headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(answer.headers.get("content-security-policy"), path).toContain("default-src 'none'");
    return [];
  });
  expect(await sent(page, ...drawn.flat())).toEqual([]);

  // Slash commands, and the bot's replies.
  await signInQuietly(anna);
  await open(page);
  const asked = PAYLOADS.filter((_, n) => n % 4 === 0);
  await forEach(asked, async (payload) => {
    await program.say(`/stock=${payload}`);
    await program.say(`/stock ${payload}`);
  });
  await expect(page.locator(".message-card")).toHaveCount(asked.length * 2, { timeout: 60_000 });
  expect(await live(page)).toEqual([]);
  for (const payload of PAYLOADS.slice(0, 40)) await composer(page).fill(`/${payload}`);
  await composer(page).fill(PAYLOADS[0] ?? "");
  await open(page);
  await expect(composer(page), "a draft comes back as it was").toHaveValue(PAYLOADS[0] ?? "");
  expect(await live(page)).toEqual([]);
  expect(ran).toEqual([]);
});
