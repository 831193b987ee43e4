// The stock bot.

import { expect, shot, test } from "./fixtures.ts";
import { composer, enter, message, messages, Program, say } from "./steps.ts";

test("a command brings a card with its price and the price's age", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  await say(anna.page, "/stock=aapl.us");
  for (const { page } of [anna, berta]) {
    const answer = messages(page).nth(1);
    await expect(answer.locator(".bot")).toHaveText("BOT");
    await expect(answer.locator(".quote-symbol")).toHaveText("AAPL.US");
    await expect(answer.locator(".quote-price")).toHaveText("430.47");
    await expect(answer.locator(".card-foot")).toHaveText("sample 1 Mar 2013");
    await expect(answer.locator(".quote-change.down")).toContainText("−");
    await expect(messages(page).first(), "the question stays").toContainText("/stock=aapl.us");
    await answer.hover();
    await expect(answer.getByRole("button", { name: "Copy text" })).toBeVisible();
    await expect(answer.getByRole("button", { name: "Edit message" }), "bots' messages are nobody's own").toHaveCount(0);
  }
  const berta_reads = await (await Program.signIn(server, "berta")).read();
  expect(berta_reads.map((said) => [said.user_kind, said.original_text])).toEqual([
    ["person", "/stock=aapl.us"],
    ["bot", "AAPL.US quote is $430.47 per share"],
  ]);
  await anna.page.reload();
  await expect(messages(anna.page).nth(1).locator(".quote-price")).toHaveText("430.47");

  await say(anna.page, "/stock NOPE");
  const none = message(berta.page, "No quote for NOPE.");
  await expect(none).toContainText("Try a symbol such as AAPL.US or MSFT.US.");
  await expect(none.locator(".quote-price")).toHaveCount(0);
  await say(anna.page, "/stock");
  await expect(message(berta.page, "Choose one:")).toBeVisible();
  await say(anna.page, "/help");
  const help = messages(berta.page).last();
  await expect(help.locator("dt")).toContainText(["/stock=SYMBOL", "/chart", "/compare", "/predict", "/alert", "/help"]);
  await expect(messages(berta.page), "each command has one answer").toHaveCount(8);
  await shot(berta.page, "bot-cards");
});

test("a course, a comparison and a prediction are cards with their figures", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;

  await say(page, "/chart aapl 6m");
  const chart = messages(page).nth(1);
  const image = chart.getByRole("img", { name: /^AAPL from 4 Sept? 2012 to 1 Mar 2013: from .* to 430\.47 .*sample 1 Mar 2013$/ });
  await expect(image).toBeVisible();
  await expect.poll(async () => image.evaluate((drawn: HTMLImageElement) => drawn.complete && drawn.naturalWidth), "it is drawn").toBe(800);
  await expect(chart.getByRole("link", { name: /AAPL/ })).toHaveAttribute("href", "/instruments/AAPL");
  await expect(chart).toContainText("Technical rating: strong sell");
  await expect(chart.locator("time[datetime='2013-03-01']").last()).toHaveText("sample 1 Mar 2013");

  await say(page, "/compare aapl msft 1y");
  const beside = messages(page).nth(3);
  await expect(beside.getByRole("img", { name: /^AAPL, MSFT from .* to 1 Mar 2013$/ })).toBeVisible();
  await expect(beside.getByRole("columnheader")).toHaveText(["Symbol", "Return", "Volatility", "Max drawdown"]);
  await expect(beside.getByRole("rowheader")).toHaveText(["AAPL", "MSFT"]);

  await say(page, "/predict aapl long 3m because earnings look strong");
  const prediction = messages(page).nth(5);
  await expect(prediction).toContainText("AAPL");
  await expect(prediction).toContainText("rises");
  await expect(prediction).toContainText("earnings look strong");
  await expect(prediction, "the prices of the sample").toContainText("prices have ended");
  await expect(prediction).toContainText("No scored predictions yet");

  for (const [wrong, said] of [
    ["/predict aapl up soon", "Invalid direction. Use long or short."],
    ["/predict", "Usage: /predict AAPL long 3m because earnings look strong"],
    ["/compare aapl", "Usage: /compare AAPL MSFT 1y"],
    ["/chart nope", "No quote for NOPE."],
  ] as const) {
    await say(page, wrong);
    await expect(messages(page).last()).toContainText(said);
  }
  await shot(page, "bot-charts");

  // The technical rating was shown, so it is stored as a prediction too; the API shows the same.
  const program = await Program.signIn(server, "anna");
  const said = await program.read();
  const kinds = said.flatMap((message) => message.cards.map((card) => card.kind));
  expect(kinds.slice(0, 3)).toEqual(["bots.chart", "bots.compare", "bots.prediction"]);
});

test("commands are completed by the keyboard", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  const box = composer(page);
  const list = page.getByRole("listbox", { name: "Commands" });
  await box.focus();
  await page.keyboard.type("/");
  await expect(list.getByRole("option")).toHaveCount(6);
  const active = async () => page.locator(`#${await box.getAttribute("aria-activedescendant")}`).innerText();
  const first = await active();
  await page.keyboard.press("ArrowDown");
  expect(await active()).not.toBe(first);
  await page.keyboard.press("ArrowUp");
  expect(await active()).toBe(first);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(box, "Escape takes nothing away").toHaveValue("/");
  await page.keyboard.type("st");
  await expect(list.getByRole("option")).toHaveCount(1);
  await shot(page, "completions");
  await page.keyboard.press("Tab");
  await expect(box).toHaveValue(/^\/stock[ =]$/);
  await expect(box, "Tab completes and stays").toBeFocused();
  await expect(list).toBeHidden();
  await page.keyboard.type("msft.us");
  await page.keyboard.press("Enter");
  await expect(messages(page).nth(1).locator(".quote-symbol")).toHaveText("MSFT.US");
  await page.keyboard.type("/he");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(messages(page)).toHaveCount(4);
  await expect(messages(page).nth(2)).toContainText("/help");
});

test("a question asked just before a power cut is answered once", async ({ server }) => {
  const anna = await Program.register(server, "anna");
  const general = await anna.channel();
  for (let round = 1; round <= 3; round++) {
    await anna.say("/stock=aapl.us", general);
    await server.kill9();
    await server.start();
    const answers = async () => (await anna.read(general)).filter((said) => said.user_kind === "bot").length;
    await expect.poll(answers).toBe(round * 2 - 1);
    // A later command gets its response after the first one: by then a duplicate response would
    // exist.
    await anna.say("/help", general);
    const helped = async () => (await anna.read(general)).filter((said) => said.cards.some((card) => /help/.test(card.kind))).length;
    await expect.poll(helped).toBe(round);
    const quotes = (await anna.read(general)).filter((said) => said.original_text === "AAPL.US quote is $430.47 per share");
    expect(quotes).toHaveLength(round);
    expect(await answers()).toBe(round * 2);
  }
});
