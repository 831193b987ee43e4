// Ctrl-K, the list of keyboard shortcuts, and the chat without a mouse.

import type { Page } from "@playwright/test";
import { axe, expect, test } from "./fixtures.ts";
import { arrived, channelLink, composer, makeChannel, message, messages, open, PASSWORD, Program, say, signInQuietly, TALKATIVE, untilAlive } from "./steps.ts";

test.use({ settings: TALKATIVE });

const box = (page: Page) => page.getByRole("combobox", { name: "Search" });
const chosen = (page: Page) => page.locator('.finder-entry[aria-selected="true"]');
const sheet = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });

test("the finder finds channels, people and things to do", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  for (const room_name of ["earnings", "macro-earnings", "bonds"]) await berta.call("POST", "/api/rooms", { room_name });
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);

  await page.keyboard.press("Control+k");
  await expect(box(page)).toBeFocused();
  await axe(page);
  // Matches letters in order; the best match is selected.
  await box(page).fill("ern");
  await expect(chosen(page)).toContainText("earnings");
  await expect(box(page)).toHaveAttribute("aria-activedescendant", "finder-0");
  await page.keyboard.press("ArrowDown");
  await expect(chosen(page)).toContainText("macro-earnings");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("earnings");
  await expect(composer(page), "one can write at once").toBeFocused();

  // Recent channels come first; the current one is not listed.
  await page.keyboard.press("Control+k");
  await box(page).fill("bonds");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("bonds");
  await page.keyboard.press("Control+k");
  await expect(chosen(page)).toContainText("earnings");
  await expect(page.locator(".finder-group").first()).toHaveText("Recent");
  await page.keyboard.press("Control+k");
  await expect(box(page)).toBeHidden();
  await expect(composer(page), "the focus is where it was").toBeFocused();

  // Selecting a member inserts a mention.
  await page.keyboard.press("Control+k");
  await box(page).fill("@ber");
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(composer(page)).toHaveValue("@berta ");
  await expect(composer(page)).toBeFocused();
  await composer(page).fill("");

  // Actions.
  await page.keyboard.press("Control+k");
  await box(page).fill("new chan");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New channel" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Search" }).click();
  await box(page).fill("> light");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");

  // No results: shows a message and suggestions.
  await page.keyboard.press("Control+k");
  await box(page).fill("qqqq");
  await expect(page.getByRole("dialog").getByRole("status")).toContainText("No results for “qqqq”");
  await expect(box(page)).toHaveAttribute("aria-expanded", "false");
  await axe(page);
  await page.keyboard.press("Escape");

  // On other pages too.
  await page.goto("/settings");
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(box(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await box(page).fill("macro");
  await expect(chosen(page)).toContainText("macro-earnings");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("macro-earnings");

  await page.keyboard.press("Control+k");
  await box(page).fill("sign out");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sign-in/);
});

test("the keys are listed, and do what is listed", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  for (const room_name of ["bonds", "options"]) await berta.call("POST", "/api/rooms", { room_name });
  await berta.say("hello anna");
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);

  await page.keyboard.press("?");
  await expect(sheet(page)).toBeVisible();
  await axe(page);
  await expect(sheet(page).getByText("Previous channel", { exact: true })).toBeVisible();
  await expect(sheet(page).getByText("Back to the chat"), "what means nothing here is not listed").toBeHidden();
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toBeHidden();
  // In a text field it types a question mark; with Ctrl the shortcut works there too.
  await composer(page).press("?");
  await expect(composer(page)).toHaveValue("?");
  await page.keyboard.press("Control+/");
  await expect(sheet(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(composer(page)).toBeFocused();
  await composer(page).fill("");

  // Cycles through the channels, then jumps to the next unread one.
  for (const name of ["bonds", "options", "general"]) {
    await page.keyboard.press("Alt+ArrowDown");
    await arrived(page, name);
  }
  await berta.say("news", await berta.channel("options"));
  await expect(channelLink(page, "options").locator(".count")).toHaveText("1");
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(page.locator("h1")).toHaveText("options");
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.locator("h1")).toHaveText("bonds");
  await page.keyboard.press("Alt+ArrowUp");
  await arrived(page, "general");

  // Arrow up in an empty composer edits your last message.
  await say(page, "first");
  await say(page, "secnod");
  await expect(message(page, "secnod")).toBeVisible();
  await page.keyboard.press("ArrowUp");
  const edit = page.getByRole("textbox", { name: "Edit message" });
  await expect(edit).toBeFocused();
  await expect(edit).toHaveValue("secnod");
  await edit.fill("second");
  await page.keyboard.press("Enter");
  await expect(message(page, "second")).toBeVisible();
  await expect(composer(page)).toBeFocused();

  // Moves between messages.
  await page.keyboard.press("Shift+Tab");
  await page.locator(".timeline").focus();
  await page.keyboard.press("ArrowUp");
  await expect(message(page, "second")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(message(page, "first")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(message(page, "first").getByRole("button", { name: "Copy text" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(message(page, "first").getByRole("button", { name: "Edit message" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(message(page, "first")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(message(page, "hello anna")).toBeFocused();
  await page.keyboard.press("End");
  await expect(message(page, "second")).toBeFocused();
  await page.keyboard.press("e");
  await expect(edit).toBeFocused();
  await page.keyboard.press("Escape");
  // The focus returns with the next frame.
  await expect(message(page, "second")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(composer(page), "below the last message one writes").toBeFocused();

  // Moves between panes.
  const panes: string[] = [];
  for (let n = 0; n < 5; n++) {
    await page.keyboard.press("F6");
    panes.push(await page.evaluate(() => document.activeElement?.closest("nav, aside, form, [role=log]")?.className ?? ""));
  }
  expect(panes).toEqual(["context", "rail", "channels", "timeline", "composer needs-script"]);
  await page.keyboard.press("Shift+F6");
  await expect(page.locator(".timeline")).toBeFocused();
});

test("Escape marks all as read, and who leaves quickly has read", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  const bonds = (await berta.call<{ room: { room_id: string } }>("POST", "/api/rooms", { room_name: "bonds" })).room.room_id;
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);
  for (let n = 1; n <= 30; n++) await berta.say(`news ${n}\n\nand more`, bonds);
  await channelLink(page, "bonds").click();
  await expect(page.locator("h1")).toHaveText("bonds");
  await expect(page.locator("#unread-line")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("#unread-line")).toBeHidden();
  await expect(message(page, "news 30")).toBeInViewport();
  // Leaves the channel before the read marker updates: visible messages count as read.
  await channelLink(page, "general").click();
  await arrived(page, "general");
  await berta.say("one more", bonds);
  await expect(channelLink(page, "bonds").locator(".count")).toHaveText("1");
  await page.evaluate(async () => {
    const link = (name: string) => [...document.querySelectorAll<HTMLElement>("nav.channels a.channel-link")].find((one) => one.innerText.includes(name));
    link("bonds")?.click();
    while (!document.querySelector(".timeline")?.textContent?.includes("one more")) await new Promise((done) => requestAnimationFrame(done));
    link("general")?.click();
  });
  await expect(page.locator("h1")).toHaveText("general");
  await expect(channelLink(page, "bonds").locator(".count")).toBeHidden();
  await open(page);
  await expect(channelLink(page, "bonds").locator(".count"), "the server knows it too").toBeHidden();
});

test("a day without a mouse", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  await berta.say("hello anna");
  await Program.register(server, "anna");
  const keys = page.keyboard;
  const focusIsSomewhere = async (where: string) => {
    const somewhere = () => page.evaluate(() => document.activeElement !== document.body && document.activeElement !== null);
    await expect.poll(somewhere, `the focus is not lost: ${where}`).toBe(true);
  };

  const find = async (what: string) => {
    await keys.press("Control+k");
    // The finder loads when it is first opened.
    await expect(box(page)).toBeFocused();
    await keys.type(what);
    await keys.press("Enter");
  };

  // Signs in with the form.
  await page.goto("/sign-in");
  await expect(page.getByLabel("Username or email")).toBeFocused();
  await keys.type("anna");
  await keys.press("Tab");
  await keys.type(PASSWORD);
  await untilAlive(page, () => keys.press("Enter"));
  await expect(page.locator("h1")).toHaveText("general");

  // Moves to the composer with the pane shortcut; sends, edits and deletes a message.
  for (let n = 0; n < 6 && !(await composer(page).evaluate((box) => box === document.activeElement)); n++) await keys.press("F6");
  await expect(composer(page)).toBeFocused();
  await keys.type("hello brta");
  await keys.press("Enter");
  await expect(message(page, "hello brta")).toBeVisible();
  await keys.press("ArrowUp");
  await keys.press("End");
  await keys.press("ArrowLeft");
  await keys.press("ArrowLeft");
  await keys.press("ArrowLeft");
  await keys.type("e");
  await keys.press("Enter");
  await expect(message(page, "hello berta")).toBeVisible();
  await focusIsSomewhere("after an edit");
  await keys.press("Shift+F6");
  await keys.press("ArrowUp");
  await expect(message(page, "hello berta")).toBeFocused();
  await keys.press("Delete");
  const sure = page.getByRole("dialog", { name: "Delete message" });
  await expect(sure).toBeVisible();
  await keys.press("Escape");
  await focusIsSomewhere("after a dialog");
  await page.locator("li.message", { hasText: "hello berta" }).focus();
  await keys.press("Delete");
  for (let n = 0; n < 5 && !(await sure.getByRole("button", { name: "Delete message" }).evaluate((button) => button === document.activeElement)); n++) await keys.press("Tab");
  await keys.press("Enter");
  await expect(page.locator("li.message.tombstone")).toBeVisible();
  await focusIsSomewhere("after a deletion");
  await expect(messages(page)).toHaveCount(2);

  // Creates a channel, and goes back.
  await find("new channel");
  await expect(page.getByLabel("Channel name")).toBeFocused();
  await keys.type("bonds");
  await keys.press("Enter");
  await expect(page.locator("h1")).toHaveText("bonds");
  await focusIsSomewhere("in a new channel");
  await keys.press("Alt+ArrowUp");
  await expect(page.locator("h1")).toHaveText("general");

  // Opens the settings, and goes back.
  await find("profile");
  await expect(page).toHaveURL(/settings\/profile/);
  await focusIsSomewhere("in the settings");
  await keys.press("Escape");
  // A field first loses the focus.
  const inField = () => page.evaluate(() => document.activeElement?.matches("input, textarea, select") ?? false);
  await expect.poll(inField).toBe(false);
  if (/settings/.test(page.url())) await keys.press("Escape");
  await expect(page.locator("h1")).toHaveText("general");

  // Signs out.
  await find("sign out");
  await expect(page).toHaveURL(/sign-in/);
});

test("a message keeps the focus when it is drawn anew", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  const said = await berta.say("first");
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);
  await makeChannel(page, "aside");
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.locator("h1")).toHaveText("general");
  await expect(message(page, "first")).toBeVisible();
  await page.locator(".timeline").focus();
  await page.keyboard.press("ArrowUp");
  await expect(message(page, "first")).toBeFocused();
  await berta.call("PATCH", `/api/channels/${await berta.channel()}/messages/${said.message_id}`, { text: "changed" });
  await expect(message(page, "changed")).toBeFocused();
});
