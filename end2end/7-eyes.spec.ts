// Appearance, accessibility and keyboard use. The screenshots in shots/ are for manual review: open
// shots/index.html.

import { expect, test, type Person } from "./fixtures.ts";
import { look, narrow, SIZES } from "./looks.ts";
import { composer, enter, makeChannel, message, messages, open, PASSWORD, Program, say, signInQuietly, TALKATIVE } from "./steps.ts";

test.use({ settings: TALKATIVE });

const WORDS = "Revenue came in above what the street had expected while margins shrank for the third quarter in a row, which explains the move after hours. ";

/** A conversation with everything that is hard to lay out. */
async function busy(server: Parameters<typeof enter>[0], anna: Person): Promise<void> {
  const berta = await Program.register(server, "berta");
  const long = await Program.register(server, "wolfeschlegelsteinhausenbergerd");
  await berta.say("Morning all. Who is **long** into the print?");
  await berta.say("I *am*, a little. See https://rialto.example/filings/2013/q1/a-rather-long-address-that-will-not-break-anywhere/index.html?with=query&and=more");
  await long.say(WORDS.repeat(4));
  await long.say(`One word: ${"Donaudampfschifffahrtsgesellschaft".repeat(8)}`);
  await berta.say("What to watch:\n\n1. gross margin\n2. guidance\n   - services\n   - buy-backs\n3. ~~the dividend~~\n\n> cash is king\n> they say");
  await berta.say("```\nfn main() {\n    let position = portfolio.iter().filter(|p| p.symbol == \"AAPL.US\").map(|p| p.quantity * p.price).sum::<Decimal>();\n}\n```\nand `inline` too");
  await enter(server, anna);
  await say(anna.page, "/stock=aapl.us");
  await expect(anna.page.locator(".quote-price")).toHaveText("430.47");
  await say(anna.page, "/stock nope");
  await expect(message(anna.page, "No quote for NOPE.")).toBeVisible();
  await say(anna.page, "/help ");
  await expect(anna.page.locator(".bot-help")).toBeVisible();
  await say(anna.page, "مرحبا، السوق مفتوح اليوم");
  await say(anna.page, "Down on volume. I wait.");
  await expect(message(anna.page, "Down on volume")).toBeVisible();
}

/** All separate pages, for visitors and for members: a new page needs a line here. */
const OPEN_PAGES: [name: string, path: string, status?: number][] = [
  ["sign-in", "/sign-in"],
  ["register", "/register"],
  ["not-found", "/nothing/here", 404],
  ["offline", "/offline"],
  ["api-docs", "/api/docs"],
];
const MEMBER_PAGES: [name: string, path: string, status?: number][] = [
  ["settings", "/settings"],
  ["markets", "/markets"],
  ["admin", "/admin"],
  ["channel-unknown", "/channels/x/01900000-0000-7000-8000-000000000000", 404],
];

/** Checks a page and all sections that it links to. */
async function lookAtPage(person: Person, [name, path, status]: (typeof OPEN_PAGES)[number]): Promise<void> {
  const { page } = person;
  for (const code of [401, 403, 404]) person.allowStatus(code);
  const answer = await page.goto(path);
  if (status !== undefined) expect(answer?.status(), name).toBe(status);
  await page.waitForLoadState("networkidle");
  await look(page, name, ["desk", "phone", "narrow"]);
  const sections = await page.locator(`a.section-link[href^="${path}/"]`).evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  for (const section of sections) {
    await page.goto(section);
    await page.waitForLoadState("networkidle");
    await look(page, section.slice(1).replaceAll("/", "-"), ["desk", "phone", "narrow"]);
  }
}

for (const page of OPEN_PAGES) {
  test(`every page: ${page[0]}`, async ({ person }) => {
    // The API docs have 42,000 elements, which makes axe slow.
    test.setTimeout(600_000);
    await lookAtPage(await person("visitor"), page);
  });
}

/** Anna, the admin, and a few other members. */
async function amongOthers(server: Parameters<typeof enter>[0], anna: Person): Promise<void> {
  await Program.register(server, "anna");
  const other = await Program.register(server, "bo-with-a-rather-long-name");
  await other.say("hello");
  await Program.register(server, "carla");
  await signInQuietly(anna);
}

for (const page of MEMBER_PAGES) {
  test(`every page: ${page[0]}`, async ({ server, person }) => {
    test.setTimeout(300_000);
    const anna = await person("anna");
    await amongOthers(server, anna);
    await lookAtPage(anna, page);
  });
}

/** Data for every list and table of markets and portfolio. */
async function trades(program: Program): Promise<void> {
  await program.portfolio("Ahorros", [
    { kind: "DEPOSIT", date: "2012-02-29", amount: "10000" },
    { kind: "BUY", symbol: "IBM", date: "2012-02-29", quantity: "40", price: "196.73", fee: "10" },
    { kind: "BUY", symbol: "AAPL", date: "2012-06-01", quantity: "2", price: "560.99" },
    { kind: "SELL", symbol: "IBM", date: "2012-10-01", quantity: "10", price: "210.47", fee: "10" },
    { kind: "DIVIDEND", symbol: "IBM", date: "2012-12-10", amount: "34" },
  ]);
  await program.call("POST", "/api/watchlists", { name: "Tecnología", symbols: ["AAPL", "IBM"] });
  await program.call("POST", "/api/alerts", { symbol: "AAPL", kind: "rsi_above", value: "70", note: "Revisar la posición" });
  await program.call("POST", "/api/predictions", { symbol: "AAPL", direction: "long", horizon: "3m", reason: "Buenos resultados" });
  await program.call("POST", "/api/paper/join", {});
  await program.call("POST", "/api/paper/orders", { symbol: "IBM", side: "buy", kind: "limit", limit: "150", quantity: 12 });
}

// Spanish labels are the longest, and 320 px is the narrowest width that pages support.
test("every page in Spanish on a narrow phone", async ({ server, person }) => {
  test.setTimeout(300_000);
  const anna = await person("anna", { locale: "es-ES" });
  for (const [name, path] of OPEN_PAGES.filter(([name]) => name !== "api-docs")) {
    anna.allowStatus(404);
    await anna.page.goto(path, { waitUntil: "networkidle" });
    await narrow(anna.page, `es-${name}`);
  }
  const program = await Program.register(server, "anna");
  await program.say("¿Alguien mira $AAPL hoy?");
  await trades(program);
  await signInQuietly(anna);
  const paths = ["/", "/instruments/AAPL"];
  for (const place of ["/settings", "/markets", "/portfolio", "/admin"]) {
    await anna.page.goto(place, { waitUntil: "networkidle" });
    const links = anna.page.locator(`a.section-link[href^="${place}/"]`);
    paths.push(place, ...(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""))));
  }
  expect(paths.length, "pages and their sections").toBeGreaterThan(20);
  for (const path of paths) {
    await anna.page.goto(path, { waitUntil: "networkidle" });
    await narrow(anna.page, `es${path.replaceAll("/", "-")}`);
  }
});

test("what admins can do with an account", async ({ server, person }) => {
  const anna = await person("anna");
  await amongOthers(server, anna);
  const { page } = anna;
  await page.goto("/admin/accounts", { waitUntil: "networkidle" });
  await page.locator('.ledger-row[data-account="carla"]').getByText("Actions").click();
  await look(page, "admin-accounts-actions");
});

test("the finder and the keys", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  for (const room_name of ["earnings", "options-and-futures", "a-rather-long-name-of-a-channel-to-be-cut-off"]) await berta.call("POST", "/api/rooms", { room_name });
  await enter(server, anna);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await look(page, "finder", ["desk", "phone", "narrow", "zoomed"]);
  await page.getByRole("combobox").fill("a");
  await look(page, "finder-found");
  await page.getByRole("combobox").fill("nothing like it");
  await look(page, "finder-nothing");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+/");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await look(page, "keys", ["desk", "phone", "narrow", "zoomed"]);
});

test("a channel that is late", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  await berta.call("POST", "/api/rooms", { room_name: "bonds" });
  await enter(server, anna);
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route("**/rpc/chat/**", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "bonds" }).click();
  await expect(page.locator(".conversation-loading")).toBeVisible();
  await look(page, "loading");
  release();
  await expect(page.locator("h1")).toHaveText("bonds");
  await expect(page.locator(".conversation-loading")).toBeHidden();
});

test("sign-in, register and their errors", async ({ server, person }) => {
  await Program.register(server, "berta");
  const anna = await person("anna");
  const { page } = anna;
  anna.allowStatus(401);
  anna.allowStatus(409);
  await page.goto("/sign-in");
  await page.getByLabel("Username or email").fill("berta");
  await page.getByLabel("Password", { exact: true }).fill("wrong-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Wrong username or password.")).toBeVisible();
  await look(page, "sign-in-wrong");
  await page.goto("/register");
  await page.getByLabel("Username").fill("berta");
  await page.getByLabel("Email").fill("other@rialto.example");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#username-error")).not.toHaveText("");
  await look(page, "register-taken");
});

test("channels, dialogs and messages in trouble", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  await look(page, "empty-channel");
  await page.getByRole("button", { name: "New channel" }).click();
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await expect(dialog).toBeVisible();
  await look(page, "new-channel");
  await page.keyboard.press("Escape");
  await makeChannel(page, "a-rather-long-name-of-a-channel-to-be-cut-off");
  await say(page, "mine");
  await message(page, "mine").hover();
  await message(page, "mine").getByRole("button", { name: "Edit message" }).click();
  await look(page, "editing");
  await page.keyboard.press("Escape");
  await message(page, "mine").hover();
  await message(page, "mine").getByRole("button", { name: "Delete message" }).click();
  await look(page, "deleting");
  await page.keyboard.press("Escape");
  await composer(page).fill("/");
  await expect(page.getByRole("listbox")).toBeVisible();
  await look(page, "completions");
  await composer(page).fill("x".repeat(4003));
  await composer(page).press("Enter");
  await expect(page.locator(".composer-error")).not.toHaveText("");
  await look(page, "composer-too-long");
  await composer(page).fill("");

  anna.allowDisconnection();
  await server.kill9();
  await say(page, "into the dark");
  await expect(page.getByText("Connection lost.")).toBeVisible();
  await look(page, "connection-lost");
});

test.describe("a refused message", () => {
  test.use({ settings: { RIALTO__LIMITS__MESSAGES__COUNT: "1" } });
  test("looks refused", async ({ server, person }) => {
    const anna = await person("anna");
    await enter(server, anna);
    await say(anna.page, "first");
    await say(anna.page, "second");
    await expect(anna.page.locator("li.message.failed")).toBeVisible();
    await look(anna.page, "refused");
  });
});

test("the conversation", async ({ server, person }) => {
  test.setTimeout(180_000);
  const anna = await person("anna", { viewport: SIZES.desk });
  const { page } = anna;
  await busy(server, anna);
  await look(page, "conversation", ["desk", "phone", "narrow", "tablet", "wide", "zoomed"]);
  await page.locator(".timeline").evaluate((timeline) => timeline.scrollBy(0, -700));
  await look(page, "conversation-up");
  await page.setViewportSize(SIZES.phone);
  for (const view of ["Channels", "Members"]) {
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view }).click();
    await look(page, `phone-${view.toLowerCase()}`, ["phone", "narrow"]);
    await page.setViewportSize(SIZES.phone);
  }
});

test("by the keyboard alone", async ({ server, person }) => {
  const anna = await person("anna", { viewport: SIZES.desk });
  const { page } = anna;
  // Disables color transitions, which would disturb the comparison below.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const berta = await Program.register(server, "berta");
  await berta.say("hello anna");
  await berta.call("POST", "/api/rooms", { room_name: "bonds" });
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);
  await say(page, "hello berta");
  await expect(messages(page)).toHaveCount(2);
  await open(page);

  /** Returns the name of the focused element. */
  const focused = () => page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return "nothing";
    return (element.getAttribute("aria-label") ?? element.id) || element.innerText.replace(/\s+/g, " ").trim();
  });
  /** True if the focus is visible: the element looks different without it. */
  const visible = () => page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const look = (of: Element) => {
      const style = getComputedStyle(of);
      return [style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join(";");
    };
    const parents = () => [element, element.parentElement, element.parentElement?.parentElement].filter((one) => !!one).map((one) => look(one)).join("|");
    const opacity = getComputedStyle(element).opacity;
    const rect = element.getBoundingClientRect();
    const withFocus = parents();
    element.blur();
    const without = parents();
    element.focus({ preventScroll: true });
    return withFocus !== without && opacity !== "0" && rect.width > 0 && rect.height > 0;
  });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the conversation");
  await expect(page.getByRole("link", { name: "Skip to the conversation" })).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect.soft(page.locator("#conversation"), "the skip link leads there").toBeFocused({ timeout: 3_000 });
  await page.locator("#conversation").focus();

  // Tab order from the conversation to the composer; the messages are one stop.
  const seen: string[] = [];
  for (let n = 0; n < 30 && seen.at(-1) !== "composer"; n++) {
    await page.keyboard.press("Tab");
    seen.push(await focused());
    expect.soft(await visible(), `the focus is seen on: ${seen.at(-1)}`).toBe(true);
  }
  expect(seen).toEqual(["Search Ctrl K", "Hide members", "Messages in general", "composer"]);
  // A message reached with the arrow keys adds its actions to the tab order.
  await page.locator(".timeline").focus();
  await page.keyboard.press("ArrowUp");
  await expect(message(page, "hello berta")).toBeFocused();
  const actions: string[] = [];
  for (let n = 0; n < 4; n++) {
    await page.keyboard.press("Tab");
    actions.push(await focused());
    expect.soft(await visible(), `the focus is seen on: ${actions.at(-1)}`).toBe(true);
  }
  expect(actions).toEqual(["Copy text", "Edit message", "Delete message", "composer"]);

  // Backward: the channels come before the conversation.
  await page.locator("#conversation").evaluate((main: HTMLElement) => main.focus());
  const back: string[] = [];
  for (let n = 0; n < 20 && back.at(-1) !== "bonds"; n++) {
    await page.keyboard.press("Shift+Tab");
    back.push(await focused());
    expect.soft(await visible(), `the focus is seen on: ${back.at(-1)}`).toBe(true);
  }
  expect(back).toContain("bonds");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("bonds");
  expect(await focused(), "the focus is not lost by going elsewhere").not.toBe("nothing");

  // A dialog takes the focus and returns it.
  const plus = page.getByRole("button", { name: "New channel" });
  await plus.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await expect(dialog).toBeVisible();
  await expect.soft(dialog.getByLabel("Channel name"), "writing starts at once").toBeFocused();
  for (let n = 0; n < 6; n++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog")), "the focus stays in the dialog").toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(plus).toBeFocused();

  // Edits a message without a mouse; the focus returns to the message.
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("general");
  const row = message(page, "hello berta");
  await row.focus();
  const edit = row.getByRole("button", { name: "Edit message" });
  await edit.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Edit message" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect.soft(row, "leaving the edit returns the focus").toBeFocused();
  await edit.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const sure = page.getByRole("dialog", { name: "Delete message" });
  await expect(sure).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row.getByRole("button", { name: "Delete message" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(sure).toBeVisible();
  await sure.getByRole("button", { name: "Delete message" }).focus();
  await expect(sure.getByRole("button", { name: "Delete message" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("li.message.tombstone")).toBeVisible();
  expect.soft(await focused(), "the focus is not lost with the message").not.toBe("nothing");
});
