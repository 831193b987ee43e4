// An instrument's page: its chart with indicators, comparison and drawings, its rating.

import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { Program, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

/** How many of the chart's points are coloured at all. */
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
  // Other settings.
  const sma = legend(page).locator("li", { hasText: "SMA 20" });
  await sma.locator("summary").click();
  await sma.getByLabel("Days").fill("0");
  await sma.getByRole("button", { name: "Apply" }).click();
  await expect(sma.getByText("periods are 2 to 500")).toBeVisible();
  await sma.getByLabel("Days").fill("50");
  await sma.getByRole("button", { name: "Apply" }).click();
  await expect(legend(page).locator(".study-name").first()).toHaveText("SMA 50");

  // From day to day by keys; a screen reader hears where one is.
  await page.locator(".chart").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(values(page)).toContainText("28 Feb 2013");
  await expect(page.getByRole("status").filter({ hasText: "28 Feb 2013: 441.40" })).toBeAttached();
  await page.keyboard.press("Home");
  await expect(values(page)).toContainText("1 Mar 2000");
  await page.keyboard.press("End");
  await expect(values(page)).toContainText("1 Mar 2013");

  // The pointer shows another day than the last.
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
  // What was chosen is there again, also on the next instrument.
  await openChart(page, "/instruments/MSFT");
  await expect(legend(page).locator(".study-name")).toHaveText(["SMA 50", "Bollinger bands 20 2", "RSI 14"]);
});

test("instruments are compared, lines drawn, and all of it saved", async ({ server, person }) => {
  test.setTimeout(120_000);
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
  await expect(tools.getByText("A symbol has 1 to 20")).toBeVisible();
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

  // A level by its price, a line by two clicks.
  await tools.locator("summary", { hasText: "Draw" }).click();
  await tools.getByLabel("Level at the price").fill("0");
  await tools.getByLabel("Level at the price").press("Enter");
  await expect(tools.getByText("Enter a price above zero")).toBeVisible();
  await tools.getByLabel("Level at the price").fill("450,5");
  await tools.getByLabel("Level at the price").press("Enter");
  await expect(tools.getByText("Level at 450.50")).toBeVisible();
  await tools.getByRole("button", { name: "Trend line" }).click();
  await expect(page.getByText("where the line begins")).toBeVisible();
  const box = (await page.locator(".chart").boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.2, box.y + 80);
  await expect(page.getByText("where the line ends")).toBeVisible();
  await page.mouse.click(box.x + box.width * 0.7, box.y + 160);
  await expect(page.getByText("where the line ends")).toBeHidden();
  // They are there again.
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
  const [picture] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: "Picture (PNG)" }).click()]);
  const bytes = await readFile(await picture.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.length).toBeGreaterThan(10_000);

  // Days the wrong way round.
  await tools.locator("summary", { hasText: "Other days" }).click();
  await tools.getByLabel("From", { exact: true }).fill("2010-05-01");
  await tools.getByLabel("To", { exact: true }).fill("2009-05-01");
  await tools.getByRole("button", { name: "Apply" }).click();
  await expect(tools.getByText("the earlier one first")).toBeVisible();
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
  await expect(page.getByRole("heading", { name: "What the indicators say" })).toBeVisible();
  await expect(page.getByText("No demonstrated edge").first()).toBeVisible();
  await expect(page.locator(".gauge strong").last()).toHaveText("Strong sell");
  await expect(page.getByRole("heading", { name: "The chance of a rise" })).toBeVisible();
  await expect(page.getByText("what it said was not closer to what happened")).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "It said" })).toBeVisible();
  await page.getByText("Every vote with its rule").click();
  await expect(page.locator("tr", { hasText: "RSI 14" }).first()).toContainText("For below 30 and rising");
  // The last days are there as a table without scripts too.
  await page.getByText("Prices of AAPL as a table").click();
  await expect(page.locator(".chart-table tbody tr").first()).toContainText("430.47");
});

test("what there is not, and what cannot be, is said", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  for (const code of [400, 404]) anna.allowStatus(code);
  for (const path of ["NOPE", "a%20b", "%E2%82%AC", "x".repeat(200), "AAPL%2FMSFT"]) {
    const answer = await page.goto(`/instruments/${path}`);
    expect([400, 404], path).toContain(answer?.status());
    await expect(page.getByRole("heading").first()).toBeVisible();
  }
});
