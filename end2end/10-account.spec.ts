// Account settings: sessions, password, two-factor authentication, data export, deletion.

import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { axe, expect, type Person, PHONE, shot, test } from "./fixtures.ts";
import { enter, mail, messages, open, PASSWORD, Program, signInQuietly, TALKATIVE, untilAlive } from "./steps.ts";

const NEW_PASSWORD = "vexed-otter-31-marble-quay";

/** The code of an authenticator app, `steps` periods of 30 seconds from now (RFC 6238). */
function totp(secret: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const sign of secret) bits += alphabet.indexOf(sign).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac.readUInt8(mac.length - 1) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The files of a ZIP archive. */
function unzip(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = archive.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [number, number, number];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files.set(archive.toString("utf8", at + 46, at + 46 + name), inflateRawSync(archive.subarray(start)).toString());
    at += 46 + name + extra + comment;
  }
  return files;
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Username or email").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Opens a settings page through its link from a hydrated page, so it is hydrated too. */
async function settings(page: Page, section: string): Promise<void> {
  if (!page.url().includes("/settings")) {
    await open(page);
    await page.getByRole("link", { name: "Settings" }).click();
  }
  const nav = page.getByRole("navigation", { name: "Settings" });
  await nav.getByRole("link", { name: section, exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: section })).toBeVisible();
}

test("one sees all devices and ends another, which is told at once", async ({ server, person }) => {
  const anna = await person("anna");
  const elsewhere = await person("elsewhere");
  await enter(server, anna);
  await signInQuietly(elsewhere, "anna");
  await open(elsewhere.page);
  const { page } = anna;
  await settings(page, "Sessions");
  const devices = page.locator(".device");
  // The API session that registered the account counts too.
  await expect(devices).toHaveCount(3);
  await expect(devices.filter({ hasText: "This device" })).toHaveCount(1);
  await expect(devices.filter({ hasText: "Chrome on Linux" })).toHaveCount(2);
  await expect(devices.first()).toContainText("127.0.0.1");
  await axe(page);
  await shot(page, "settings-sessions");

  elsewhere.allowStatus(401);
  elsewhere.allowDisconnection();
  const other = devices.filter({ hasText: "Chrome on Linux", hasNotText: "This device" });
  await other.getByRole("button", { name: "Sign out Chrome on Linux" }).click();
  await expect(devices).toHaveCount(2);
  await expect(elsewhere.page, "without a touch").toHaveURL(/\/sign-in\?done=ended/);
  await expect(elsewhere.page.getByText("Session ended.")).toBeVisible();
  await shot(elsewhere.page, "sign-in-ended");

  await page.getByRole("button", { name: "Sign out other devices" }).click();
  await expect(devices).toHaveCount(1);
  await expect(page.getByText("You are signed in on this device only.")).toBeVisible();
});

test("a new password takes the old one and signs the others out", async ({ server, person }) => {
  const anna = await person("anna");
  const elsewhere = await person("elsewhere");
  await enter(server, anna);
  await signInQuietly(elsewhere, "anna");
  await open(elsewhere.page);
  elsewhere.allowStatus(401);
  elsewhere.allowDisconnection();
  const { page } = anna;
  await settings(page, "Security");
  const form = page.locator(".setting", { has: page.getByRole("heading", { name: "Password" }) });
  const change = async (current: string, password: string) => {
    await form.getByLabel("Current password").fill(current);
    await form.getByLabel("New password").fill(password);
    await form.getByRole("button", { name: "Change password" }).click();
  };
  anna.allowStatus(403);
  await change("not-the-password", NEW_PASSWORD);
  await expect(page.getByText("Wrong password.")).toBeVisible();
  await expect(form.getByLabel("Current password")).toBeFocused();
  await form.getByLabel("New password").fill("");
  await form.getByLabel("New password").pressSequentially(NEW_PASSWORD);
  await expect(page.locator(".meter-words")).toHaveText(/Strong/);
  await axe(page);
  await change(PASSWORD, NEW_PASSWORD);
  await expect(page.getByText("Password changed.")).toBeVisible();
  await expect(elsewhere.page).toHaveURL(/\/sign-in\?done=ended/);
  await open(page);
  await expect(page.locator("h1"), "this one goes on").toHaveText("general");

  await elsewhere.page.goto("/sign-in");
  await untilAlive(elsewhere.page, () => signIn(elsewhere.page, "anna", NEW_PASSWORD));
  await expect(elsewhere.page.locator("h1")).toHaveText("general");
});

/** Turns on two-factor authentication; returns the secret and the recovery codes. */
async function enrol(page: Page): Promise<{ secret: string; codes: string[] }> {
  await settings(page, "Security");
  const section = page.locator(".setting", { has: page.getByRole("heading", { name: "Two-factor authentication" }) });
  await section.getByLabel("Current password").fill(PASSWORD);
  await section.getByRole("button", { name: "Set up two-factor authentication" }).click();
  const secret = (await section.locator("code.secret").innerText()).replaceAll(/\s/g, "");
  await expect(section.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  await axe(page);
  await shot(page, "settings-two-factor");
  await section.getByLabel("Code", { exact: true }).fill(totp(secret, -1));
  await section.getByRole("button", { name: "Turn on" }).click();
  await expect(section.locator(".recovery-codes li")).toHaveCount(10);
  const codes = await section.locator(".recovery-codes code").allInnerTexts();
  await axe(page);
  const saving = page.waitForEvent("download");
  await section.getByRole("link", { name: "Download" }).click();
  const saved = await readFile(await (await saving).path(), "utf8");
  expect(saved.trim().split("\n")).toEqual(codes);
  await section.getByRole("button", { name: "I saved them" }).click();
  await expect(section.getByText("10 recovery codes left.")).toBeVisible();
  return { secret, codes };
}

async function code(person: Person, text: string): Promise<void> {
  await person.page.getByLabel("Code", { exact: true }).fill(text);
  await person.page.getByRole("button", { name: "Sign in" }).click();
}

test("with a second factor a password alone lets nobody in", async ({ server, person }) => {
  const anna = await person("anna", { viewport: PHONE });
  await enter(server, anna);
  await anna.page.goto("/settings/security");
  await anna.page.setViewportSize({ width: 1280, height: 800 });
  const { secret, codes } = await enrol(anna.page);

  // Signs in without JavaScript: the code form must work there too.
  const berta = await person("berta", { scripts: false });
  berta.allow(/^request: csp GET .*\.js$/);
  await berta.page.goto("/sign-in");
  await signIn(berta.page, mail("anna"), PASSWORD);
  await expect(berta.page.getByRole("heading", { level: 1 })).toHaveText("Enter a code");
  await code(berta, "000 000");
  await expect(berta.page.getByText("Wrong or used code.")).toBeVisible();
  const used = totp(secret);
  await code(berta, used);
  await expect(berta.page.locator("h1")).toHaveText("general");

  // The same code does not work again, and a recovery code works only once.
  const clara = await person("clara", { theme: "light" });
  clara.allowStatus(401);
  await clara.page.goto("/sign-in");
  await expect(async () => {
    await signIn(clara.page, "anna", PASSWORD);
    await expect(clara.page.getByRole("heading", { level: 1 })).toHaveText("Enter a code", { timeout: 2_000 });
  }).toPass();
  await axe(clara.page);
  await shot(clara.page, "sign-in-code");
  await code(clara, used);
  const refused = clara.page.getByText("Wrong or used code.");
  await expect(refused).toBeVisible();
  await untilAlive(clara.page, () => code(clara, codes[0] ?? ""));
  await expect(clara.page.locator("h1")).toHaveText("general");
  await clara.page.getByRole("button", { name: "Sign out" }).click();
  await signIn(clara.page, "anna", PASSWORD);
  await expect(clara.page.getByRole("heading", { level: 1 })).toHaveText("Enter a code");
  await code(clara, codes[0] ?? "");
  await expect(refused).toBeVisible();

  // Turning it off needs the password and a code.
  const { page } = anna;
  await page.reload();
  await settings(page, "Security");
  await expect(page.getByText("9 recovery codes left.")).toBeVisible();
  await page.getByText("Turn off two-factor authentication").first().click();
  const off = page.locator("details", { hasText: "Turn off two-factor authentication" });
  await off.getByLabel("Current password").fill(PASSWORD);
  await off.getByLabel("Code", { exact: true }).fill(codes[1] ?? "");
  await off.getByRole("button", { name: "Turn off two-factor authentication" }).click();
  await expect(page.getByText("Two-factor authentication is off.")).toBeVisible();
  await Program.signIn(server, "anna");
});

test.describe("a copy and the way out", () => {
  test.use({ settings: TALKATIVE });

  test("what one has written can be taken along", async ({ server, person }) => {
    const anna = await person("anna");
    await enter(server, anna);
    const program = await Program.signIn(server, "anna");
    for (let number = 1; number <= 20; number += 1) await program.say(`line ${number} <b>&`);
    const other = await Program.register(server, "berta");
    await other.say("not hers");
    const { page } = anna;
    await settings(page, "Your data");
    await page.getByRole("button", { name: "Create export" }).click();
    const link = page.getByRole("link", { name: "Download export" });
    await expect(link).toBeVisible();
    await axe(page);
    await shot(page, "settings-data");
    const fetching = page.waitForEvent("download");
    await link.click();
    const download = await fetching;
    expect(download.suggestedFilename()).toBe("rialto-anna.zip");
    const files = unzip(await readFile(await download.path()));
    const named = (end: string) => [...files].find(([name]) => name.endsWith(end))?.[1] ?? "";
    expect(JSON.parse(named("profile.json"))).toMatchObject({ email: mail("anna") });
    const lines = named(".jsonl").trim().split("\n").map((line) => JSON.parse(line) as { text: string });
    expect(lines.map((line) => line.text)).toEqual(Array.from({ length: 20 }, (_, at) => `line ${at + 1} <b>&`));
    expect(named(".html")).not.toContain("<b>");
    expect([...files.values()].join("")).not.toContain("not hers");
    const stranger = await fetch(`${server.url}/api/account/export/archive`);
    expect(stranger.status).toBe(401);
  });

  test("who leaves may come back", async ({ server, person }) => {
    await Program.register(server, "admin");
    const anna = await person("anna");
    await enter(server, anna);
    const { page } = anna;
    anna.allowStatus(403);
    anna.allowDisconnection();
    await settings(page, "Your data");
    const leave = async (password: string) => {
      await page.getByRole("radio", { name: /Keep them/ }).check();
      await page.getByLabel("Current password").fill(password);
      await page.getByRole("button", { name: "Delete my account" }).click();
    };
    await leave("not-the-password");
    await expect(page.getByText("Wrong password.")).toBeVisible();
    await leave(PASSWORD);
    await expect(page.getByText("Your account is scheduled for deletion.")).toBeVisible();
    await shot(page, "sign-in-left");
    await signIn(page, "anna", PASSWORD);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Keep your account?");
    await axe(page);
    await shot(page, "come-back");
    await untilAlive(page, () => page.getByRole("button", { name: "Keep my account" }).click());
    await expect(page.locator("h1")).toHaveText("general");
    await Program.signIn(server, "anna");
  });
});

test.describe("at once", () => {
  test.use({ settings: { ...TALKATIVE, RIALTO__ACCOUNTS__DELETION_DAYS: "0" } });

  test("who is deleted is gone, and so is what they said", async ({ server, person }) => {
    const berta = await person("berta");
    await enter(server, berta);
    const anna = await person("anna");
    await enter(server, anna);
    const program = await Program.signIn(server, "anna");
    for (let number = 1; number <= 120; number += 1) await program.say(`mine ${number}`);
    const other = await Program.signIn(server, "berta");
    await other.say("mine stays");
    await expect(messages(berta.page).last()).toContainText("mine stays");
    await expect(berta.page.locator(".message.tombstone")).toHaveCount(0);
    anna.allowDisconnection();
    const { page } = anna;
    await settings(page, "Your data");
    await page.getByRole("radio", { name: /Delete them/ }).check();
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByRole("button", { name: "Delete my account" }).click();
    await expect(page.getByText("Your account is deleted.")).toBeVisible();
    // Another member's open page updates.
    await expect(messages(berta.page).filter({ hasText: /^.*mine \d/ })).toHaveCount(0);
    await expect(berta.page.locator(".message.tombstone").last()).toContainText("Message deleted");
    await expect(berta.page.getByText("mine stays")).toBeVisible();
    await expect(berta.page.locator(".message-author", { hasText: "Deleted account" }).first()).toBeVisible();
    const said = await other.read();
    expect(said.filter((message) => message.deleted).every((message) => message.original_text === "")).toBe(true);
    await expect(Program.signIn(server, "anna")).rejects.toThrow(/401/);
    await expect(Program.register(server, "anna")).rejects.toThrow(/username-taken/);
  });
});
