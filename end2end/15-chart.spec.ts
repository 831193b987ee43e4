// A symbol's page: its chart with indicators, comparison and drawings, and its technical rating.

import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { Program, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

/** Returns the number of painted pixels of the chart. */
async function painted(page: Page): Promise<number> {
  return page.locator(".chart canvas").first().evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at]) count++;
    return count;
  });
}

const legend = (page: Page) => page.locator(".chart-legend");
const values = (page: Page) => page.locator(".chart-values");

async function openChart(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator(".chart canvas").first()).toBeVisible();
  await expect.poll(() => painted(page)).toBeGreaterThan(2000);
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.locator(".chart-tools summary", { hasText: menu }).click();
  await page.getByRole("button", { name: item, exact: true }).click();
  await page.keyboard.press("Escape");
}

test("a chart with indicators, read by pointer and by keys", async ({ server, person }) => {
  test.setTimeout(180_000);
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await openChart(page, "/instruments/AAPL");
  await expect(page.getByRole("heading", { name: "Apple Inc." })).toBeVisible();
  await expect(page.locator(".instrument-price")).toContainText("430.47");
  await expect(page.locator(".instrument-head")).toContainText("sample 1 Mar 2013");
  await expect(values(page)).toContainText("1 Mar 2013");
  await expect(values(page)).toContainText("430.47");

  await choose(page, "Indicators", "SMA 20");
  await choose(page, "Indicators", "Bollinger bands 20 2");
  await choose(page, "Indicators", "RSI 14");
  await expect(legend(page).locator(".study-name")).toHaveText(["SMA 20", "Bollinger bands 20 2", "RSI 14"]);
  await expect(page).toHaveURL(/studies=sma:20~bollinger:20:2~rsi:14/);
  // Changes an indicator's settings.
  const sma = legend(page).locator("li", { hasText: "SMA 20" });
  await sma.locator("summary").click();
  await sma.getByLabel("Days").fill("0");
  await sma.getByRole("button", { name: "Apply" }).click();
  await expect(sma.getByText("periods from 2 to 500")).toBeVisible();
  await sma.getByLabel("Days").fill("50");
  await sma.getByRole("button", { name: "Apply" }).click();
  await expect(legend(page).locator(".study-name").first()).toHaveText("SMA 50");

  // Moves from day to day with the keyboard; a screen reader announces each day.
  await page.locator(".chart").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(values(page)).toContainText("28 Feb 2013");
  await expect(page.getByRole("status").filter({ hasText: "28 Feb 2013: 441.40" })).toBeAttached();
  await page.keyboard.press("Home");
  await expect(values(page)).toContainText("1 Mar 2000");
  await page.keyboard.press("End");
  await expect(values(page)).toContainText("1 Mar 2013");

  // The pointer shows another day.
  const box = (await page.locator(".chart").boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await expect(values(page)).not.toContainText("1 Mar 2013");
  const before = await page.locator(".chart-table").first().locator("tbody tr").count();
  expect(before).toBe(60);
  await page.mouse.wheel(0, -600);
  await expect.poll(async () => page.locator(".chart-table tbody tr th").first().textContent()).not.toBe("1 Mar 2013");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 20);

  await page.getByRole("link", { name: "All", exact: true }).click();
  await expect(page).toHaveURL(/range=all/);
  await page.getByRole("button", { name: "Log" }).click();
  await expect(page.getByRole("button", { name: "Log" })).toHaveAttribute("aria-pressed", "true");
  await look(page, "chart");
  // The settings are restored, on other symbols too.
  await openChart(page, "/instruments/MSFT");
  await expect(legend(page).locator(".study-name")).toHaveText(["SMA 50", "Bollinger bands 20 2", "RSI 14"]);
});

test("instruments are compared, lines drawn, and all of it saved", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await openChart(page, "/instruments/AAPL?range=6m&studies=");
  const tools = page.locator(".chart-tools");
  await tools.locator("summary", { hasText: "Compare" }).click();
  const symbol = tools.getByLabel("Symbol");
  for (const other of ["msft", "IBM"]) {
    await symbol.fill(other);
    await symbol.press("Enter");
    await expect(legend(page).locator("li", { hasText: other.toUpperCase() })).toContainText("%");
  }
  await symbol.fill("a b");
  await symbol.press("Enter");
  await expect(tools.getByText("Use 1 to 20 letters")).toBeVisible();
  anna.allowStatus(404);
  await symbol.fill("NOPE");
  await symbol.press("Enter");
  await expect(page.getByText("NOPE").first()).toBeVisible();
  await expect(page).toHaveURL(/compare=MSFT~IBM$/);
  await page.keyboard.press("Escape");
  await look(page, "chart-compare");
  await page.setViewportSize({ width: 1280, height: 800 });
  await legend(page).getByRole("button", { name: "Remove MSFT" }).click();
  await legend(page).getByRole("button", { name: "Remove IBM" }).click();
  await expect(page).not.toHaveURL(/compare/);

  // Draws a horizontal line by its price, and a trend line with two clicks.
  await tools.locator("summary", { hasText: "Draw" }).click();
  await tools.getByLabel("Price of the line").fill("0");
  await tools.getByLabel("Price of the line").press("Enter");
  await expect(tools.getByText("Enter a price above zero")).toBeVisible();
  await tools.getByLabel("Price of the line").fill("450,5");
  await tools.getByLabel("Price of the line").press("Enter");
  await expect(tools.getByText("Horizontal line at 450.50")).toBeVisible();
  await tools.getByRole("button", { name: "Trend line" }).click();
  await expect(page.getByText("where the line starts")).toBeVisible();
  const box = (await page.locator(".chart").boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.2, box.y + 80);
  await expect(page.getByText("where the line ends")).toBeVisible();
  await page.mouse.click(box.x + box.width * 0.7, box.y + 160);
  await expect(page.getByText("where the line ends")).toBeHidden();
  // The drawings survive a reload.
  await page.reload();
  await expect.poll(() => painted(page)).toBeGreaterThan(2000);
  await tools.locator("summary", { hasText: "Draw" }).click();
  await expect(tools.locator(".drawings li")).toHaveCount(2);

  await tools.locator("summary", { hasText: "Save" }).click();
  const [table] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: "Table (CSV)" }).click()]);
  expect(table.suggestedFilename()).toBe("AAPL.csv");
  const lines = (await readFile(await table.path(), "utf8")).trim().split("\n");
  expect(lines[0]).toBe("date,open,high,low,close,volume");
  expect(lines.at(-1)).toMatch(/^2013-03-01,438,438\.1799,429\.98,430\.47,19730300$/);
  const [picture] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: "Image (PNG)" }).click()]);
  const bytes = await readFile(await picture.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.length).toBeGreaterThan(10_000);

  // The start date is after the end date.
  await tools.locator("summary", { hasText: "Custom range" }).click();
  await tools.getByLabel("From", { exact: true }).fill("2010-05-01");
  await tools.getByLabel("To", { exact: true }).fill("2009-05-01");
  await tools.getByRole("button", { name: "Apply" }).click();
  await expect(tools.getByText("must be before the end date")).toBeVisible();
  await tools.getByLabel("To", { exact: true }).fill("2010-08-01");
  await tools.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/range=2010-05-01~2010-08-01/);
  await expect(page.locator(".chart-table tbody tr th").first()).toHaveText("30 Jul 2010");
});

test("a rating says how often such ratings were right", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna", { scripts: false });
  const { page } = anna;
  await page.goto("/sign-in");
  await signInQuietly(anna);
  await page.goto("/instruments/AAPL");
  await expect(page.getByRole("heading", { name: "Technical rating" })).toBeVisible();
  await expect(page.getByText("No demonstrated edge").first()).toBeVisible();
  await expect(page.locator(".gauge strong").last()).toHaveText("Strong sell");
  await expect(page.getByRole("heading", { name: "Probability of a rise" })).toBeVisible();
  await expect(page.getByText("the model does not beat the base rate")).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Predicted" })).toBeVisible();
  await page.getByText("All signals").click();
  await expect(page.locator("tr", { hasText: "RSI 14" }).first()).toContainText("Buy below 30 and rising");
  // Company data loads through a link, so the chart does not wait for data sources.
  const about = page.locator(".instrument-about");
  await expect(about.getByText("Massive and Alpha Vantage have news")).toHaveCount(0);
  await about.getByRole("link", { name: "Show company data" }).click();
  await expect(page).toHaveURL(/\?section=about#about$/);
  await expect(about.locator(".about-facts")).toContainText("Information technology");
  await expect(about.getByText("Massive and Alpha Vantage have news")).toBeVisible();
  await expect(about.getByRole("link", { name: /^Show/ })).toHaveCount(0);
  // Without JavaScript too, the last days are available as a table.
  await page.getByText("AAPL prices as a table").click();
  await expect(page.locator(".chart-table tbody tr").first()).toContainText("430.47");
});

test("drawings follow their member, and what is taken away can be brought back", async ({ server, person }) => {
  await Program.register(server, "anna");
  await Program.register(server, "berta");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  const draw = (page: Page) => page.locator(".chart-tools summary", { hasText: "Draw" });
  const drawn = (page: Page) => page.locator(".chart-tools .drawings li");
  const answer = (page: Page, path: string) =>
    page.waitForResponse((answer) => answer.url().includes(path) && answer.status() === 200);
  const add = async (page: Page, price: string) => {
    await page.getByLabel("Price of the line").fill(price);
    await page.getByLabel("Price of the line").press("Enter");
  };
  // Drawings in localStorage, from before accounts had drawings, move to the account, once.
  await page.goto("/health");
  await page.evaluate(() => localStorage.setItem("drawings:AAPL", JSON.stringify([{ Level: 431.25 }])));
  const takenOver = answer(page, "/rpc/drawings/keep");
  await openChart(page, "/instruments/AAPL?studies=&compare=");
  await takenOver;
  expect(await page.evaluate(() => localStorage.getItem("drawings:AAPL"))).toBeNull();
  await draw(page).click();
  await expect(drawn(page)).toHaveText([/Horizontal line at 431\.25/]);
  const kept = answer(page, "/rpc/drawings/keep");
  await add(page, "450.5");
  await expect(drawn(page)).toHaveCount(2);
  await kept;

  // Anna's other browser has the drawings; another member does not.
  const elsewhere = await person("anna at work");
  await signInQuietly(elsewhere, "anna");
  await openChart(elsewhere.page, "/instruments/AAPL");
  await draw(elsewhere.page).click();
  await expect(drawn(elsewhere.page)).toHaveText([/Horizontal line at 431\.25/, /Horizontal line at 450\.50/]);
  const berta = await person("berta");
  await signInQuietly(berta);
  const none = answer(berta.page, "/rpc/drawings/of");
  await openChart(berta.page, "/instruments/AAPL");
  expect((await (await none).json()).at(2)).toEqual([]);

  // Each browser receives the changes of the other.
  await add(elsewhere.page, "460");
  await expect(drawn(page)).toHaveText([/Horizontal line at 431\.25/, /Horizontal line at 450\.50/, /Horizontal line at 460\.00/]);
  await page.getByRole("button", { name: "Remove Horizontal line at 431.25" }).click();
  const both = [/Horizontal line at 450\.50/, /Horizontal line at 460\.00/];
  await expect(drawn(page)).toHaveText(both);
  await expect(drawn(elsewhere.page)).toHaveText(both);

  // Removes a drawing and restores it with the keyboard while the menu has the focus; then restores
  // another from the toast.
  const again = page.getByRole("button", { name: "Remove Horizontal line at 450.50" });
  await again.click();
  await expect(drawn(page)).toHaveCount(1);
  let back = answer(page, "/rpc/drawings/keep");
  await page.keyboard.press("Control+z");
  await expect(drawn(page)).toHaveText([...both].reverse());
  await back;
  back = answer(page, "/rpc/drawings/keep");
  await page.locator(".toast", { hasText: "Horizontal line at 431.25" }).getByRole("button", { name: "Undo" }).click();
  await back;
  await expect(drawn(page)).toHaveCount(3);
  await expect(drawn(elsewhere.page)).toHaveCount(3);

  // Offline, a new drawing stays and is sent on the next visit.
  anna.allowDisconnection();
  await page.route("**/rpc/drawings/keep", (route) => route.abort("internetdisconnected"));
  if (!(await drawn(page).first().isVisible())) await draw(page).click();
  await add(page, "470");
  await expect(page.locator(".toast", { hasText: "not saved" })).toBeVisible();
  await expect(drawn(page)).toHaveCount(4);
  await page.unroute("**/rpc/drawings/keep");
  const sent = answer(page, "/rpc/drawings/keep");
  await page.reload();
  await sent;
  await expect(drawn(elsewhere.page).filter({ hasText: "470.00" })).toHaveCount(1);
});

test("Escape ends a drawing, then closes what is open, then leads back", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await openChart(page, "/instruments/AAPL?studies=sma:20");
  const tools = page.locator(".chart-tools");
  await tools.locator("summary", { hasText: "Draw" }).click();
  await tools.getByRole("button", { name: "Trend line" }).click();
  await expect(page.getByText("where the line starts")).toBeVisible();
  // The menu is still open: Escape cancels the drawing first.
  await page.keyboard.press("Escape");
  await expect(page.getByText("where the line starts")).toBeHidden();
  await expect(tools.getByRole("button", { name: "Trend line" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tools.getByRole("button", { name: "Trend line" })).toBeHidden();
  // A line with only its first point, and the focus on the chart.
  await tools.locator("summary", { hasText: "Draw" }).click();
  await tools.getByRole("button", { name: "Trend line" }).click();
  const box = (await page.locator(".chart").boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.2, box.y + 80);
  await expect(page.getByText("where the line ends")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("where the line ends")).toBeHidden();
  await page.locator(".chart-legend summary").first().click();
  await expect(page.locator(".chart-legend").getByLabel("Days")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".chart-legend").getByLabel("Days")).toBeHidden();
  await expect(page).toHaveURL(/\/instruments\/AAPL/);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/\/instruments\//);
});

test("what an instrument is, and who has news, is told below the chart", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await openChart(page, "/instruments/AAPL?studies=&compare=");
  const about = page.locator(".instrument-about");
  await about.scrollIntoViewIfNeeded();
  await expect(about.getByRole("heading", { name: "About AAPL" })).toBeVisible();
  const facts = about.locator(".about-facts");
  await expect(facts).toContainText("Information technology");
  await expect(facts).toContainText("429.98 – 705.07");
  await expect(facts).toContainText("sample 1 Mar 2013");
  await expect(facts).not.toContainText("P/E");
  await expect(about.getByText("Source: the company list")).toBeVisible();
  await expect(about.getByText("Massive and Alpha Vantage have news")).toBeVisible();
  await look(page, "chart-about");
  // The URL for pages without JavaScript shows the same with JavaScript.
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().includes("/rpc/markets/about"))));
  await openChart(page, "/instruments/AAPL?section=about");
  await about.scrollIntoViewIfNeeded();
  await expect(facts).toContainText("Information technology");
  expect(asked, "the page came with it").toBe(0);
});
