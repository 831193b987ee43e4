// Cashtags: chips in messages, their cards, completion, trending.

import { axe, expect, PHONE, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { composer, enter, message, messages, Program, say, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

const chips = (page: Page) => page.locator(".message-body a.cashtag");
const card = (page: Page) => page.getByRole("dialog");

test("an instrument that is spoken of shows its change, and more when it is pointed at", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  const asked: string[] = [];
  berta.page.on("request", (request) => {
    if (request.url().endsWith("/rpc/markets/ticks")) asked.push(request.postData() ?? "");
  });
  await say(anna.page, "long $aapl and $BRK.B, not $100 or $5m");
  for (const { page } of [anna, berta]) {
    const said = message(page, "long $aapl");
    await expect(said.locator("a.cashtag")).toHaveCount(2);
    const apple = said.getByRole("link", { name: /^\$aapl/ });
    await expect(apple).toHaveAttribute("href", "/instruments/AAPL");
    await expect(apple).toContainText("−2.48%");
    await expect(apple.locator(".quote-mark")).toHaveText("▼");
    await expect(said.locator("a.cashtag").nth(1)).toHaveAttribute("href", "/instruments/BRK-B");
    await expect(said).toContainText("not $100 or $5m");
  }
  expect(asked, "all of a message are one question").toHaveLength(1);

  // Hovering opens the card, and the pointer can move onto it.
  const apple = chips(berta.page).first();
  await apple.hover();
  await expect(card(berta.page)).toContainText("Apple Inc.");
  await expect(card(berta.page)).toContainText("430.47");
  await expect(card(berta.page)).toContainText("sample 1 Mar 2013");
  await expect(card(berta.page).getByRole("img", { name: "AAPL: last 30 closes" })).toBeVisible();
  await expect(apple).toHaveAccessibleDescription(/Apple Inc\./);
  await axe(berta.page);
  await card(berta.page).hover();
  await expect(card(berta.page)).toBeVisible();
  await composer(berta.page).hover();
  await expect(card(berta.page)).toBeHidden();

  // With the keyboard: Escape closes the card, Enter opens the page.
  await composer(berta.page).focus();
  await berta.page.keyboard.press("Shift+Tab");
  for (let at = 0; at < 20 && !(await chips(berta.page).last().evaluate((chip) => chip === document.activeElement)); at += 1) {
    await berta.page.keyboard.press("Shift+Tab");
  }
  await expect(chips(berta.page).last()).toBeFocused();
  await berta.page.keyboard.press("Shift+Tab");
  await expect(apple).toBeFocused();
  await expect(card(berta.page)).toContainText("430.47");
  await berta.page.keyboard.press("Escape");
  await expect(card(berta.page)).toBeHidden();
  await expect(apple).toBeFocused();

  // Five symbols, each repeated many times, cause one more request.
  asked.length = 0;
  await say(anna.page, Array.from({ length: 200 }, (_, at) => `$${["AAPL", "MSFT", "IBM", "KO", "GE"][at % 5]}`).join(" "));
  await expect(message(berta.page, "$KO").locator("a.cashtag")).toHaveCount(200);
  await expect(message(berta.page, "$KO").locator("a.cashtag .quote-change").first()).toBeVisible();
  expect(asked.length).toBeLessThanOrEqual(1);

  await berta.page.keyboard.press("Enter");
  await expect(berta.page).toHaveURL(/\/instruments\/AAPL/);
  await expect(berta.page.getByRole("heading", { name: "Apple Inc." })).toBeVisible();
});

test("code, links and what only looks like it are left alone", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  await say(page, "`$AAPL` \\$AAPL [$AAPL](https://a.example/) https://a.example/$AAPL US$AAPL");
  await expect(messages(page).first()).toContainText("US$AAPL");
  await say(page, "$<script>alert(1)</script> $<img src=x onerror=alert(1)>");
  await expect(messages(page).nth(1)).toContainText("$<script>alert(1)</script>");
  await expect(chips(page)).toHaveCount(0);
  await expect(messages(page).locator("script, img[onerror]")).toHaveCount(0);
  // An unknown symbol is a plain link, not an error.
  await say(page, "what is $ZZZZ?");
  await expect(chips(page)).toHaveText("$ZZZZ");
  await chips(page).hover();
  await say(page, "and $IBM");
  await expect(chips(page).nth(1)).toContainText("%");
  await expect(card(page)).toHaveCount(0);
  // The server renders it in the same way.
  await page.reload();
  await expect(chips(page).nth(1)).toContainText("%");
  await expect(chips(page).first()).toHaveText("$ZZZZ");
});

test("instruments are completed by the keyboard", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  await composer(page).pressSequentially("look at $appl");
  const listed = page.getByRole("listbox", { name: "Symbols" });
  await expect(listed.getByRole("option").filter({ hasText: "Apple Inc." })).toBeVisible();
  await expect(composer(page)).toHaveAttribute("aria-activedescendant", "completion-0");
  await composer(page).press("Escape");
  await expect(listed).toBeHidden();
  await composer(page).fill("");
  await composer(page).pressSequentially("look at $AAP");
  await expect(listed.getByRole("option").first()).toContainText("$AAPL");
  await composer(page).press("Tab");
  await expect(composer(page)).toHaveValue("look at $AAPL ");
  await expect(listed).toBeHidden();
  await composer(page).press("Enter");
  await expect(chips(page)).toContainText("$AAPL");
  await composer(page).pressSequentially("$100");
  await expect(listed).toBeHidden();
});

test("a touch opens the card, the next one the page", async ({ server, person, browser }) => {
  await Program.register(server, "anna");
  const context = await browser.newContext({ baseURL: server.url, hasTouch: true, isMobile: true, viewport: PHONE, locale: "en-GB" });
  const page = await context.newPage();
  const anna = await person("anna");
  await signInQuietly(anna);
  await context.addCookies(await anna.context.cookies());
  await (await Program.signIn(server, "anna")).say("$AAPL");
  await page.goto("/");
  await expect(chips(page)).toContainText("−2.48%");
  await chips(page).tap();
  await expect(card(page)).toContainText("430.47");
  await expect(page).not.toHaveURL(/instruments/);
  await card(page).getByRole("link", { name: "View chart" }).tap();
  await expect(page).toHaveURL(/\/instruments\/AAPL/);
  await context.close();
});

test("trending counts members, and forgets what was taken back", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  await page.goto("/markets/trending", { waitUntil: "networkidle" });
  await expect(page.getByText("Write $AAPL in a message")).toBeVisible();
  await expect(page.getByRole("link", { name: "Go to the chat" })).toBeVisible();

  const [one, other] = [await Program.signIn(server, "anna"), await Program.register(server, "berta")];
  const first = await one.say("$AAPL and `$IBM`");
  await other.say("$AAPL.US");
  for (let at = 0; at < 3; at += 1) await other.say("$MSFT");
  type Trending = { instruments: { symbol: string; now: { mentions: number; people: number } }[] };
  const counted = async () => {
    const { instruments } = await one.call<Trending>("GET", "/api/trending?days=7");
    return instruments.map(({ symbol, now }) => [symbol, now.people, now.mentions]);
  };
  await expect.poll(counted).toEqual([["AAPL", 2, 2], ["MSFT", 1, 3]]);

  await page.reload({ waitUntil: "networkidle" });
  const rows = page.locator(".trending-table tbody tr");
  await expect(rows.locator(".quote-symbol")).toHaveText(["AAPL", "MSFT"]);
  await rows.getByRole("link", { name: /AAPL/ }).click();
  await expect(page.getByRole("heading", { name: "AAPL Apple Inc." })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Messages that mention AAPL/ })).toBeVisible();
  await page.getByText("Daily").click();
  await expect(page.getByRole("region", { name: "AAPL by day" }).locator("tbody tr")).toHaveCount(1);
  await look(page, "trending", ["desk", "phone", "narrow", "wide"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel("Period").selectOption("7");
  await page.getByLabel("Channel").selectOption({ label: "#general" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(rows.locator(".quote-symbol")).toHaveText(["AAPL", "MSFT"]);

  await one.call("DELETE", `/api/channels/${await one.channel()}/messages/${first.message_id}`);
  await expect.poll(counted).toEqual([["MSFT", 1, 3], ["AAPL", 1, 1]]);
  await page.goto("/markets/trending", { waitUntil: "networkidle" });
  await expect(rows.locator(".quote-symbol")).toHaveText(["MSFT", "AAPL"]);
  await expect(rows.first().locator("td").first()).toHaveText("1");
});

test("trending works without scripts", async ({ server, person }) => {
  const program = await Program.register(server, "anna");
  await program.say("$AAPL");
  const anna = await person("anna", { scripts: false });
  await signInQuietly(anna);
  const { page } = anna;
  await expect(async () => {
    await page.goto("/markets/trending?symbol=AAPL&days=7");
    await expect(page.locator(".trending-table .quote-symbol")).toHaveText("AAPL", { timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("img", { name: /^Messages that mention AAPL/ })).toBeVisible();
  await expect(page.locator("path.trending-bars")).toHaveAttribute("d", /^M/);
});

test.describe("where the market moves", () => {
  // From 1 June 2012, one day in two seconds.
  test.use({ settings: { ...TALKATIVE, RIALTO__MARKET__REPLAY: "2" } });

  test("chips follow it while they are seen, and rest while the page is hidden", async ({ server, person }) => {
    const anna = await person("anna");
    await enter(server, anna);
    const { page } = anna;
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/rpc/markets/ticks")) asked.push(request.postData() ?? "");
    });
    await say(page, "$AAPL and $IBM, and $AAPL again");
    await expect(chips(page)).toHaveCount(3);
    await expect(chips(page).first()).toContainText("%");
    // Moves the pointer off the chips.
    await composer(page).hover();
    for (const chip of [chips(page).first(), chips(page).nth(1)]) {
      const before = (await chip.textContent()) ?? "";
      await expect(chip).not.toHaveText(before, { timeout: 20_000 });
    }
    expect(asked.some((body) => body.includes("AAPL") && body.includes("IBM")), "one question for both").toBe(true);

    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    });
    // Waits for outstanding responses.
    await page.waitForTimeout(1_500);
    asked.length = 0;
    await page.waitForTimeout(5_000);
    expect(asked, "nobody looks").toHaveLength(0);
  });
});
