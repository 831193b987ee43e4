// The installed app: offline, in two tabs, after an update, with a wrong clock.

import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { axe, expect, shot, test, type Person } from "./fixtures.ts";
import { arrived, composer, enter, message, open, pending, Program, say, signInQuietly, TALKATIVE, texts, untilAlive } from "./steps.ts";
import type { Server } from "./server.ts";

test.use({ settings: TALKATIVE });

const AWAY = "Rialto does not answer right now.";

/** Waits until the service worker controls the page. */
async function installed(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    await navigator.serviceWorker.ready;
    return navigator.serviceWorker.controller?.state === "activated" && (await caches.match("/offline")) !== undefined;
  });
}

/** Waits until the browser has stored a text that was read. */
async function kept(page: Page, text: string): Promise<void> {
  await expect.poll(() => inDatabase(page, "kept")).toContain(text);
}

/** Returns the content of one store of the browser's database, as JSON. */
function inDatabase(page: Page, store: "kept" | "outbox"): Promise<string> {
  return page.evaluate(
    (store) =>
      new Promise<string>((done, fail) => {
        const request = indexedDB.open("rialto");
        request.onerror = () => fail(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => {
            request.result.close();
            done(JSON.stringify(all.result));
          };
        };
      }),
    store,
  );
}

/** Opens another tab in a member's browser. */
async function tab(person: Person): Promise<Page> {
  const page = await person.context.newPage();
  await open(page);
  return page;
}

/** Returns the stored messages in order. */
async function stored(server: Server, name: string): Promise<string[]> {
  return (await (await Program.signIn(server, name)).read()).map((said) => said.original_text);
}

test("the browser takes it for an app that can be installed", async ({ server }, info) => {
  // A private window never offers installation.
  const folder = await mkdtemp(join(tmpdir(), "rialto-profile-"));
  const context = await chromium.launchPersistentContext(folder, { ...info.project.use.launchOptions, baseURL: server.url });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto("/sign-in");
    await installed(page);
    const devtools = await context.newCDPSession(page);
    const manifest = await devtools.send("Page.getAppManifest");
    expect(manifest.errors).toEqual([]);
    expect(manifest.url).toBe(`${server.url}/manifest.webmanifest`);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    expect(installabilityErrors).toEqual([]);

    type Picture = { src: string; sizes: string; type: string };
    const told = JSON.parse(manifest.data ?? "") as {
      icons: Picture[];
      screenshots: Picture[];
      shortcuts: { url: string; icons: Picture[] }[];
    };
    const pictures = [...told.icons, ...told.screenshots, ...told.shortcuts.flatMap((shortcut) => shortcut.icons)];
    for (const { src, sizes, type } of pictures) {
      const answer = await context.request.get(src);
      expect(answer.status(), src).toBe(200);
      expect(answer.headers()["content-type"], src).toBe(type);
      if (type !== "image/png") continue;
      const bytes = await answer.body();
      expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
      expect(bytes.length, `${src} is of modest size`).toBeLessThan(300_000);
    }
    for (const { url } of told.shortcuts) expect((await context.request.get(url)).status(), url).toBe(200);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("without the server one reads on and writes on, and what was written arrives once", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  anna.allowDisconnection();
  await enter(server, anna);
  await enter(server, berta);
  await installed(anna.page);
  await say(berta.page, "the **last** thing before the tunnel");
  await kept(anna.page, "before the tunnel");
  await berta.leave();
  await server.stop();

  await anna.page.reload();
  await expect(anna.page.getByText(AWAY)).toBeVisible();
  await expect(anna.page.getByText(/Last updated \d+ \w+ \d+/)).toBeVisible();
  await expect(anna.page.getByRole("heading", { name: "general" })).toBeVisible();
  await expect(anna.page.locator(".offline-message", { hasText: "before the tunnel" })).toContainText("berta");
  for (const theme of ["dark", "light"] as const) {
    await anna.page.emulateMedia({ colorScheme: theme });
    await shot(anna.page, `offline-desk-${theme}`);
    await axe(anna.page);
  }
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await shot(anna.page, "offline-phone-light");

  await say(anna.page, "from the tunnel, one");
  await say(anna.page, "from the tunnel, two");
  const waiting = anna.page.locator(".offline-message.waiting");
  await expect(waiting).toHaveCount(2);
  await say(anna.page, "a slip");
  await waiting.filter({ hasText: "a slip" }).getByRole("button", { name: "Discard" }).click();
  await expect(waiting).toHaveCount(2);
  await composer(anna.page).fill("half a sentence");

  // The tab is closed and another one opens later, still without the server.
  const second = await anna.context.newPage();
  await anna.page.close();
  await second.goto("/");
  await expect(second.locator(".offline-message.waiting")).toHaveCount(2);

  // The page continues without a reload when the server is back.
  await untilAlive(second, () => server.start());
  await expect(message(second, "from the tunnel, two")).toBeVisible();
  await expect(pending(second)).toHaveCount(0);
  const all = ["the **last** thing before the tunnel", "from the tunnel, one", "from the tunnel, two"];
  expect(await stored(server, "anna")).toEqual(all);
  await second.reload();
  await expect(message(second, "from the tunnel, two")).toBeVisible();
  expect(await stored(server, "anna"), "also after another start").toEqual(all);
});

test("whoever is writing offline is not interrupted when the server is back", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  await enter(server, anna);
  await installed(anna.page);
  await say(anna.page, "kept for later");
  await kept(anna.page, "kept for later");
  await server.stop();
  const page = await anna.context.newPage();
  await page.goto("/");
  await composer(page).fill("half a sentence");
  await server.start();
  await expect(page.getByText("Rialto is back.")).toBeVisible({ timeout: 15_000 });
  await expect(composer(page)).toHaveValue("half a sentence");
  await untilAlive(page, () => page.getByRole("button", { name: "Continue" }).click());
  await expect(composer(page), "and goes on with the sentence").toHaveValue("half a sentence");
});

test("installing is offered where the account is, once the browser offers it", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  const button = page.getByRole("button", { name: "Install the app" });
  await expect(button).toBeHidden();
  const invite = () =>
    page.evaluate(() => {
      const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
        prompt: async () => void (document.title = "asked"),
      });
      return dispatchEvent(event);
    });
  expect(await invite(), "the browser's own bar is held back").toBe(false);
  await expect(button).toBeVisible();
  await shot(page, "install-app");
  await axe(page, "nav.channels");
  await button.click();
  await expect(page).toHaveTitle("asked");
  await expect(button).toBeHidden();
});

test("two tabs send what was written without a connection once and in its order, through a power cut", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  await enter(server, anna);
  const tabs = [anna.page, await tab(anna)] as const;
  const written: string[] = [];
  await server.kill9();
  for (const page of tabs) await expect(page.getByText("Connection lost.")).toBeVisible();
  for (let n = 0; n < 12; n++) {
    const text = `in the dark ${n}`;
    written.push(text);
    await say(tabs[n % 2 === 0 ? 0 : 1], text);
  }
  for (const page of tabs) await expect(pending(page), "each tab shows what waits in both").toHaveCount(12);
  await expect(tabs[0].locator(".presence.here"), "nobody is said to be here").toHaveCount(0);

  // The server dies again while messages are in flight.
  await server.start();
  await expect(message(tabs[0], "in the dark 0")).toBeVisible({ timeout: 40_000 });
  await server.kill9();
  await server.start();
  for (const page of tabs) {
    await expect(message(page, "in the dark 11")).toBeVisible({ timeout: 40_000 });
    await expect(pending(page)).toHaveCount(0);
    expect(await texts(page)).toEqual(written);
  }
  expect(await stored(server, "anna")).toEqual(written);
  await expect(tabs[0].locator(".presence.here").first()).toBeVisible();
});

test("what was written before the tab was closed is shown as on its way, and goes out from another tab", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  await enter(server, anna);
  await installed(anna.page);
  await kept(anna.page, "general");
  await server.kill9();
  await expect(anna.page.getByText("Connection lost.")).toBeVisible();
  await say(anna.page, "closed too early");
  await expect.poll(() => inDatabase(anna.page, "outbox")).toContain("closed too early");
  const other = await anna.context.newPage();
  await anna.page.close();
  await server.start();
  await open(other);
  await expect(message(other, "closed too early")).toBeVisible();
  expect(await stored(server, "anna")).toEqual(["closed too early"]);
});

test("what the server does not take is shown with its text, over reloads, until it is discarded", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  await enter(server, anna);
  await installed(anna.page);
  await say(anna.page, "all is well");
  await kept(anna.page, "all is well");
  await server.stop();
  await anna.page.reload();
  // The offline page does not validate messages; the server does.
  await say(anna.page, "with a bell \u0007 in it");
  await say(anna.page, "without one");
  await untilAlive(anna.page, () => server.start());
  const failed = anna.page.locator("li.message.failed");
  await expect(failed).toContainText("Message not sent.");
  await expect(failed).toContainText("with a bell");
  await expect(message(anna.page, "without one"), "the next one is not held up").toBeVisible();
  await open(anna.page);
  await expect(failed).toContainText("with a bell");
  await failed.getByRole("button", { name: "Retry" }).click();
  await expect(failed).toContainText("with a bell");
  await failed.getByRole("button", { name: "Discard" }).click();
  await expect(failed).toHaveCount(0);
  await open(anna.page);
  await expect(message(anna.page, "without one")).toBeVisible();
  await expect(failed).toHaveCount(0);
  expect(await stored(server, "anna")).toEqual(["all is well", "without one"]);
});

test("nothing is sent or shown to others on the same device", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  await enter(server, anna);
  await installed(anna.page);
  await say(anna.page, "for my own eyes");
  await kept(anna.page, "for my own eyes");
  const berta = await person("berta");
  await Program.register(server, "berta");
  await signInQuietly(berta);
  const cookies = await berta.context.cookies();
  await server.stop();
  await expect(anna.page.getByText("Connection lost.")).toBeVisible();
  await say(anna.page, "in my own name");
  await expect.poll(() => inDatabase(anna.page, "outbox")).toContain("in my own name");
  await composer(anna.page).fill("a secret draft");

  // Anna's session expires and Berta uses the same browser, where Anna's page is still open.
  await anna.context.clearCookies();
  await anna.context.addCookies(cookies);
  await server.start();
  await expect(anna.page.locator(".account-username"), "the page is loaded again as berta's").toHaveText("@berta", { timeout: 40_000 });
  await expect(composer(anna.page)).toHaveValue("");
  await kept(anna.page, "general");
  await say(anna.page, "berta speaks");
  await expect(message(anna.page, "berta speaks")).toBeVisible();
  await expect(pending(anna.page)).toHaveCount(0);
  expect(await stored(server, "berta")).toEqual(["for my own eyes", "berta speaks"]);

  // After signing out, none of her data is left.
  await kept(anna.page, "berta speaks");
  await anna.page.getByRole("button", { name: "Sign out" }).click();
  await expect(anna.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect.poll(() => inDatabase(anna.page, "kept")).toBe("[]");
  await server.stop();
  await anna.page.goto("/");
  await expect(anna.page.getByText("stay readable offline.")).toBeVisible();
  await shot(anna.page, "offline-nothing");
  await axe(anna.page);

  // Anna's unsent message is still in her outbox.
  await server.start();
  await signInQuietly(anna, "anna");
  await open(anna.page);
  await expect(message(anna.page, "in my own name")).toBeVisible();
  const said = await (await Program.signIn(server, "anna")).read();
  expect(said.map((one) => `${one.username}: ${one.original_text}`)).toEqual([
    "anna: for my own eyes",
    "berta: berta speaks",
    "anna: in my own name",
  ]);
});

test("channels that were open can be opened again without a connection, others as soon as it is back", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allowDisconnection();
  anna.allowStatus(503);
  anna.allow(/^console: .*(Failed to fetch|ServerFn|error)/i);
  const program = await Program.register(server, "berta");
  for (const name of ["bonds", "options"]) await program.call("POST", "/api/rooms", { room_name: name });
  await enter(server, anna);
  const link = (name: string) => anna.page.locator("nav.channels a.channel-link", { hasText: name });
  await link("bonds").click();
  await arrived(anna.page, "bonds");
  await say(anna.page, "said in bonds");
  await expect(message(anna.page, "said in bonds")).toBeVisible();
  await link("general").click();
  await expect(anna.page.locator("h1")).toHaveText("general");
  await server.kill9();
  await expect(anna.page.getByText("Connection lost.")).toBeVisible();
  await link("bonds").click();
  await expect(message(anna.page, "said in bonds")).toBeVisible();
  await say(anna.page, "said in the dark");
  await expect(pending(anna.page)).toHaveCount(1);
  await link("options").click();
  await expect(anna.page.getByRole("heading", { name: "This channel needs a connection" })).toBeVisible();
  await shot(anna.page, "channel-away");
  await server.start();
  await expect(anna.page.getByRole("textbox", { name: "Message #options" })).toBeVisible({ timeout: 40_000 });
  await link("bonds").click();
  await expect(message(anna.page, "said in the dark")).toBeVisible();
});

/** Copies the site with another style sheet, as another build. */
async function nextSite(): Promise<string> {
  const site = await mkdtemp(join(tmpdir(), "rialto-site-"));
  await cp(process.env.RIALTO_SITE ?? "", site, { recursive: true });
  const path = join(site, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as { css: string };
  const css = manifest.css.replace(/\.css$/, "2.css");
  for (const end of ["", ".br", ".gz"]) await rename(join(site, manifest.css + end), join(site, css + end)).catch(() => undefined);
  await writeFile(path, JSON.stringify({ ...manifest, css }));
  return site;
}

test("a new build is offered, not forced, and the old page goes on", async ({ server, person }) => {
  const [anna, old] = [await person("anna"), server.site];
  anna.allowDisconnection();
  await enter(server, anna);
  const page = anna.page;
  await installed(page);
  const sheet = (await page.locator("link[rel=stylesheet]").getAttribute("href")) ?? "";
  const other = await tab(anna);
  server.site = await nextSite();
  try {
    await server.stop();
    await composer(page).fill("half a sentence");
    await server.start();
    const offer = page.getByText("A new version is ready. Your draft is saved.");
    await expect(offer).toBeVisible({ timeout: 40_000 });
    await shot(page, "new-build");
    await axe(page, "#new-build");
    await expect(composer(page)).toHaveValue("half a sentence");
    expect((await fetch(server.url + sheet)).status, "the server has the old file no more").toBe(404);
    expect(await page.evaluate(async (sheet) => (await fetch(sheet)).status, sheet), "the page has").toBe(200);

    // Later: the old page still works.
    await page.getByRole("button", { name: "Later" }).click();
    await expect(offer).toBeHidden();
    await say(page, "said by the old page");
    await expect(message(page, "said by the old page")).toBeVisible();

    // The other tab loads the new build and keeps its draft.
    await composer(other).fill("another half");
    await untilAlive(other, () => other.locator("#new-build").getByRole("link", { name: "Reload" }).click());
    expect(await other.locator("link[rel=stylesheet]").getAttribute("href")).not.toBe(sheet);
    await expect(composer(other)).toHaveValue("another half");
    await expect(other.locator("#new-build")).toBeHidden();
    await installed(other);
    const builds = () => other.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("rialto-")).length);
    expect(await builds(), "the old page is still open").toBe(2);
    await page.close();
    // A closed page releases its build a moment later; the next page that opens removes old files.
    await expect(async () => {
      await open(other);
      expect(await builds(), "nobody runs the old build any more").toBe(1);
    }).toPass({ timeout: 20_000 });
  } finally {
    if (server.site !== old) await rm(server.site, { recursive: true, force: true });
  }
});

test("a page that speaks an old protocol says so, and reloading helps", async ({ server, person }) => {
  const anna = await person("anna");
  let number = 0;
  await anna.page.routeWebSocket(/\/rpc\/gateway/, (socket) => {
    const upstream = socket.connectToServer();
    socket.onMessage((frame) => upstream.send(Buffer.from(String(frame).replace(/("protocol":)\d+/, (all, key) => (number ? all : `${key}0`)))));
  });
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await anna.page.goto("/");
  const note = anna.page.getByText("A new version is ready. Reload the page to continue.");
  await expect(note).toBeVisible();
  await say(anna.page, "kept until then");
  await expect(pending(anna.page)).toHaveCount(1);
  number = 1;
  await anna.page.locator(".connection-note").getByRole("link", { name: "Reload" }).click();
  await expect(message(anna.page, "kept until then")).toBeVisible();
  await expect(note).toBeHidden();
  expect(await stored(server, "anna")).toEqual(["kept until then"]);
});

test("people are told when the app cannot start", async ({ server, person }) => {
  const anna = await person("anna");
  anna.allow(/\.wasm/, /^console: .*(TypeError|Failed to fetch|net::ERR_FAILED)/);
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await anna.page.route("**/*.wasm", (route) => route.abort());
  await anna.page.goto("/");
  const told = anna.page.getByRole("alert").filter({ hasText: "Rialto could not start in this browser." });
  await expect(told).toBeVisible();
  await shot(anna.page, "start-failed");
  await axe(anna.page, "#start-failed");
  await anna.page.unroute("**/*.wasm");
  await untilAlive(anna.page, () => told.getByRole("link", { name: "Reload" }).click());
  await expect(told).toBeHidden();
});

for (const [hours, name] of [
  [1, "an hour fast"],
  [-1, "an hour slow"],
  [25, "a day fast"],
] as const) {
  test(`a clock that is ${name} changes nothing`, async ({ server, person }) => {
    const [anna, berta] = [await person("anna"), await person("berta")];
    await anna.context.addInitScript((shift) => {
      const Real = Date;
      class Wrong extends Real {
        constructor(...given: []) {
          if (given.length > 0) super(...given);
          else super(Real.now() + shift);
        }
        static override now() {
          return Real.now() + shift;
        }
      }
      globalThis.Date = Wrong as DateConstructor;
    }, hours * 3_600_000);
    await enter(server, anna);
    await enter(server, berta);
    await say(anna.page, "what time is it?");
    await say(berta.page, "late");
    await say(berta.page, "very late");
    await expect(message(anna.page, "very late")).toBeVisible();
    const time = (page: Page) => page.locator(".timeline li.message time").allInnerTexts();
    expect(await time(anna.page), "the same times for both").toEqual(await time(berta.page));
    await expect(anna.page.locator(".timeline .day-line")).toHaveText(["Today"]);
    expect(await anna.page.locator(".timeline li.message.first").count(), "grouped as for berta").toBe(
      await berta.page.locator(".timeline li.message.first").count(),
    );
    await composer(anna.page).pressSequentially("hm");
    await expect(berta.page.getByText("anna is typing")).toBeVisible();
    await kept(anna.page, "very late");
    const at = (JSON.parse(await inDatabase(anna.page, "kept")) as { at: number }[])[0]?.at ?? 0;
    expect(Math.abs(at - Date.now()), "kept by the server's clock").toBeLessThan(60_000);
  });
}
