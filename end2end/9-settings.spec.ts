// Settings: profile, appearance and language; with and without JavaScript.

import { axe, DESK, expect, PHONE, shot, test } from "./fixtures.ts";
import { enter, largeFile, mail, message, messages, open, PASSWORD, Program, say, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";
import { deflateSync, crc32 } from "node:zlib";

test.use({ settings: TALKATIVE });

/** Returns a PNG of one color. */
function png(color: [number, number, number], width = 300, height = 200): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(color))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const rows = deflateSync(Buffer.concat(Array<Buffer>(height).fill(row)));
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

const attribute = (page: Page, name: string) => page.locator("html").getAttribute(name);

/** Opens a section and waits until it is hydrated. */
async function section(page: Page, name: string): Promise<void> {
  await page.goto(`/settings/${name}`, { waitUntil: "networkidle" });
  await expect(page.locator(".section-page h2")).toBeVisible();
}

test("the gear leads to the settings and Escape back to the channel", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  const channel = page.url();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Appearance" }).click();
  await expect(page).toHaveURL(/\/settings\/appearance$/);
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(channel);
  await expect(page.locator("#composer")).toBeVisible();
});

test("on a phone the list leads to a section and back", async ({ server, person }) => {
  const anna = await person("anna", { viewport: PHONE });
  const { page } = anna;
  await enter(server, anna);
  await page.goto("/settings", { waitUntil: "networkidle" });
  const list = page.getByRole("navigation", { name: "Settings" });
  await expect(list).toBeVisible();
  await expect(page.locator(".section-page")).toBeHidden();
  await axe(page);
  await shot(page, "settings-list-phone");
  await list.getByRole("link", { name: "Appearance" }).click();
  await expect(list).toBeHidden();
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await page.getByRole("link", { name: "All sections" }).click();
  await expect(list).toBeVisible();
  await page.getByRole("link", { name: "Back to the chat" }).first().click();
  await expect(page.locator("#composer")).toBeVisible();
});

test("those who are not signed in come back after signing in", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await page.goto("/settings/appearance");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("Username or email").fill(mail("anna"));
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/settings\/appearance$/);
});

test("choices show at once, stay, and follow to another device", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  await section(page, "appearance");
  const saved = () => page.waitForResponse((answer) => answer.url().endsWith("/rpc/accounts/set_preferences"));
  for (const [label, name, value] of [
    ["Light", "data-theme", "light"],
    ["Compact", "data-density", "compact"],
    ["Blue and orange", "data-prices", "blue-orange"],
    ["Reduced", "data-motion", "reduced"],
  ] as const) {
    const answer = saved();
    await page.getByLabel(label, { exact: true }).check();
    await expect(page.locator("html")).toHaveAttribute(name, value);
    expect((await answer).status()).toBe(200);
  }
  await expect(page.locator(".example .clock")).toHaveText("16:32");
  let answer = saved();
  await page.getByLabel("12-hour").check();
  await expect(page.locator(".example .clock")).toHaveText(/^4:32\spm$/);
  await answer;
  answer = saved();
  await page.getByLabel("Time zone").fill("America/New_York");
  await page.getByLabel("Time zone").press("Tab");
  await answer;
  await expect(page.locator(".example .clock")).toHaveText(/^(10|11):32\sam$/);
  await page.getByLabel("Time zone").fill("Atlantis/Centre");
  await page.getByLabel("Time zone").press("Tab");
  await expect(page.getByText("Unknown time zone.")).toBeVisible();

  const elsewhere = await person("elsewhere");
  await signInQuietly(elsewhere, "anna");
  await elsewhere.page.goto("/settings/appearance", { waitUntil: "networkidle" });
  expect(await attribute(elsewhere.page, "data-theme")).toBe("light");
  expect(await attribute(elsewhere.page, "data-density")).toBe("compact");
  await expect(elsewhere.page.getByLabel("12-hour")).toBeChecked();
  await expect(elsewhere.page.getByLabel("Time zone")).toHaveValue("America/New_York");
});

test("without scripts the same is done by forms", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna", { scripts: false });
  const { page } = anna;
  await signInQuietly(anna);
  await page.goto("/settings/appearance");
  await page.getByLabel("Light", { exact: true }).check();
  await page.getByLabel("Time zone").fill("UTC+05:30");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/settings\/appearance$/);
  expect(await attribute(page, "data-theme")).toBe("light");
  await expect(page.locator(".example .clock")).toHaveText("21:02");
  await page.goto("/settings/profile");
  await page.getByLabel("Display name").fill("Anna of the Rialto");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".profile-card")).toContainText("Anna of the Rialto");
  await page.locator("#picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png([10, 90, 160]) });
  await page.getByRole("button", { name: "Upload picture" }).click();
  await expect(page.locator(".profile-card img")).toHaveAttribute("src", /^\/avatars\/[0-9a-f]{64}$/);
  await page.locator("#picture").setInputFiles({ name: "a.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
  await page.getByRole("button", { name: "Upload picture" }).click();
  await expect(page.getByText("Unsupported format.")).toBeVisible();
  await page.goto("/settings/language");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.getByRole("heading", { name: "Idioma" })).toBeVisible();
});

test("a name and a picture change before everybody's eyes", async ({ server, person }) => {
  const anna = await person("anna");
  const berta = await person("berta");
  await enter(server, anna);
  await say(anna.page, "Good morning from the bridge");
  await enter(server, berta);
  const seen = message(berta.page, "Good morning from the bridge");
  await expect(seen.locator(".message-author")).toHaveText("anna");
  await section(anna.page, "profile");

  await anna.page.getByLabel("Display name").fill("Anna Loredan");
  await anna.page.getByRole("button", { name: "Save" }).click();
  await expect(seen.locator(".message-author")).toHaveText("Anna Loredan");
  await expect(berta.page.locator(".members").getByText("Anna Loredan")).toBeVisible();

  await anna.page.locator("#picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png([180, 60, 20]) });
  const picture = seen.locator(".avatar img");
  await expect(picture).toHaveAttribute("src", /^\/avatars\/[0-9a-f]{64}$/);
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(256);
  await expect(anna.page.locator(".profile-card img")).toBeVisible();

  await anna.page.getByRole("button", { name: "Remove picture" }).click();
  await expect(picture).toHaveCount(0);
  await anna.page.getByRole("button", { name: "Undo" }).click();
  await expect(picture).toHaveCount(1);

  // New messages have the new name too, also after a reload.
  await open(anna.page);
  await say(anna.page, "And good night");
  await expect(message(berta.page, "And good night").last()).toBeVisible();
  await open(berta.page);
  await expect(message(berta.page, "Good morning from the bridge").locator(".message-author")).toHaveText("Anna Loredan");

  await section(anna.page, "profile");
  anna.allowStatus(415);
  await anna.page.locator("#picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await expect(anna.page.getByText("Unsupported format.")).toBeVisible();
  await anna.page.locator("#picture").setInputFiles(await largeFile("a.png", 5 * 1024 * 1024));
  await expect(anna.page.getByText("Picture too large.")).toBeVisible();
  await expect(anna.page.locator(".profile-card img")).toBeVisible();
});

/** English words that must not appear on these pages. */
const ENGLISH = /\b(the|and|your|with|message|members|channels?|sign|settings|save|choose|here now|away)\b/i;

async function noEnglish(page: Page): Promise<void> {
  const texts = await page.evaluate(() => {
    const theirs = ".message-body, .message-author, .account-names, .member-name, code, .pane-title, .channel-link, .top-title, .quote-symbol, [lang]:not(html), .message-head, h1";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent && !parent.closest(`script, style, noscript, ${theirs}`) && node.textContent?.trim()) found.push(node.textContent.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
      if (element.closest(theirs)) continue;
      for (const name of ["aria-label", "title", "placeholder"]) {
        const text = element.getAttribute(name);
        if (text) found.push(text);
      }
    }
    return found;
  });
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.filter((text) => ENGLISH.test(text))).toEqual([]);
}

/** Checks that the page does not scroll sideways. */
async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "the page is as wide as the window").toBeLessThanOrEqual(0);
}

test("all of it in Spanish", async ({ server, person }) => {
  const anna = await person("anna", { locale: "es-ES" });
  const { page } = anna;
  const narrow = async (name: string) => {
    await noEnglish(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
    await shot(page, `es-${name}-320`);
    await page.setViewportSize(DESK);
  };
  await page.goto("/sign-in");
  expect(await attribute(page, "lang")).toBe("es");
  await expect(page.getByRole("heading", { name: "Iniciar sesión" })).toBeVisible();
  await narrow("sign-in");
  await page.goto("/register");
  await expect(page.getByRole("button", { name: "Crear cuenta" })).toBeVisible();
  await narrow("register");
  await enter(server, anna);
  await expect(page.locator("#composer")).toHaveAttribute("placeholder", /Mensaje en #general/);
  await say(page, "/stock=aapl.us");
  await expect(page.locator(".quote-price")).toHaveText("430,47");
  await expect(page.locator(".card-foot")).toHaveText("muestra 1 mar 2013");
  await expect(page.getByText("Hoy", { exact: true })).toBeVisible();
  await narrow("chat");
  for (const [name, title] of [
    ["profile", "Perfil"],
    ["appearance", "Apariencia"],
    ["language", "Idioma"],
  ] as const) {
    await section(page, name);
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await narrow(name);
  }
  // Switching back works at once and persists, whatever the browser requests.
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Language" })).toBeVisible();
  expect(await attribute(page, "lang")).toBe("en");
  await open(page);
  await expect(page.locator("#composer")).toHaveAttribute("placeholder", "Message #general");
  await expect(messages(page).first()).toBeVisible();
});

test("the language is chosen before there is an account", async ({ person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await page.goto("/register");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page).toHaveURL(/\/register$/);
  await expect(page.getByRole("heading", { name: "Crear una cuenta" })).toBeVisible();
  await page.getByLabel("Nombre de usuario").fill("anna");
  await page.getByLabel("Correo").fill(mail("anna"));
  await page.getByLabel("Contraseña", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Crear cuenta" }).click();
  await expect(page.locator("#composer")).toHaveAttribute("placeholder", /Mensaje/);
});
