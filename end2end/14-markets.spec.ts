// Watchlists and alerts: created, ordered, removed; with and without JavaScript.

import { expect, PHONE, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { enter, Program, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

/** Opens a section and waits until it is hydrated. */
async function section(page: Page, name: string): Promise<void> {
  await page.goto(`/markets/${name}`, { waitUntil: "networkidle" });
}

const row = (page: Page, symbol: string) => page.locator(`tr[data-symbol="${symbol}"]`);
const symbols = (page: Page) => page.locator("tr[data-symbol] .quote-symbol");

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel("Symbol or name").fill(text);
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

test("a list is made, ordered and put right", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  const channel = page.url();
  await page.getByRole("link", { name: "Markets" }).first().click();
  await expect(page.getByRole("heading", { name: "Start your watchlist" })).toBeVisible();
  await page.waitForLoadState("networkidle");

  // Adds by name; a name that matches no symbol or several gets an error.
  await add(page, "Apple");
  await expect(page.getByText("AAPL added.")).toBeVisible();
  await expect(row(page, "AAPL")).toContainText("Apple Inc.");
  await expect(row(page, "AAPL")).toContainText("430.47");
  await expect(row(page, "AAPL")).toContainText("sample 1 Mar 2013");
  await expect(row(page, "AAPL")).toContainText("−2.48%");
  await expect(row(page, "AAPL").getByRole("img", { name: "AAPL: last 30 closes" })).toBeVisible();
  await expect(page.getByLabel("Symbol or name")).toBeFocused();
  anna.allowStatus(400);
  await add(page, "bank");
  await expect(page.getByText("Several symbols match")).toBeVisible();
  anna.allowStatus(404);
  await add(page, "ZZZZ");
  await expect(page.getByText("No price for ZZZZ. Check the symbol.")).toBeVisible();
  await add(page, "msft");
  await expect(row(page, "MSFT")).toBeVisible();
  await add(page, "IBM");
  await expect(symbols(page)).toHaveText(["AAPL", "MSFT", "IBM"]);

  // Moves up with the button, then with the keyboard, which keeps the focus.
  const up = row(page, "IBM").getByRole("button", { name: "Move IBM up" });
  await up.click();
  await expect(symbols(page)).toHaveText(["AAPL", "IBM", "MSFT"]);
  await expect(up).toBeFocused();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(symbols(page)).toHaveText(["IBM", "AAPL", "MSFT"]);
  await expect(up).toBeFocused();
  await page.reload({ waitUntil: "networkidle" });
  await expect(symbols(page)).toHaveText(["IBM", "AAPL", "MSFT"]);

  // Removes a symbol, and restores it at its position.
  await row(page, "AAPL").getByRole("button", { name: "Remove AAPL" }).click();
  await expect(symbols(page)).toHaveText(["IBM", "MSFT"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(symbols(page)).toHaveText(["IBM", "AAPL", "MSFT"]);
  await page.waitForLoadState("networkidle");
  await look(page, "watchlist", ["desk", "phone", "narrow", "wide"]);
  await page.setViewportSize({ width: 1280, height: 800 });

  // A second watchlist.
  await page.locator("summary", { hasText: "Watchlists" }).click();
  await page.getByLabel("New watchlist name").fill("Oil");
  await page.getByRole("button", { name: "Create watchlist" }).click();
  await expect(page.getByRole("heading", { name: "Start your watchlist" })).toBeVisible();
  await page.getByRole("link", { name: "My watchlist" }).click();
  await expect(row(page, "AAPL")).toBeVisible();

  await section(page, "watchlist");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(channel);
});

test("an alert is set, refused, and deleted", async ({ server, person }) => {
  await Program.register(server, "bo");
  const bo = await person("bo");
  const { page } = bo;
  await signInQuietly(bo);
  await section(page, "alerts");
  await expect(page.getByRole("heading", { name: "Create your first alert" })).toBeVisible();

  bo.allowStatus(400);
  await page.getByLabel("Symbol", { exact: true }).fill("AAPL");
  await page.getByLabel("Price", { exact: true }).fill("much");
  await page.getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByText("Enter a number above zero")).toBeVisible();
  await expect(page.getByLabel("Price", { exact: true })).toHaveValue("much");
  await page.getByLabel("Price", { exact: true }).fill("450,5");
  await page.getByLabel("Note (optional)").fill("At last");
  await page.getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByText("Alert created.")).toBeVisible();
  const alert = page.locator('tr[data-alert="AAPL"]');
  await expect(alert).toContainText("above 450.5");
  await expect(alert).toContainText("At last");
  await expect(alert).toContainText("Active");
  await expect(alert).toContainText("430.47");

  // Another condition has other fields.
  await page.locator("summary", { hasText: "New alert" }).click();
  await page.getByLabel("Condition").selectOption({ label: "Price crosses its SMA" });
  await expect(page.getByLabel("Price", { exact: true })).toBeHidden();
  await page.getByLabel("Symbol", { exact: true }).fill("Microsoft");
  await page.getByLabel("Indicator period (days)").fill("50");
  await page.getByLabel("Notify").selectOption({ label: "#general" });
  await page.getByRole("button", { name: "Create alert" }).click();
  const other = page.locator('tr[data-alert="MSFT"]');
  await expect(other).toContainText("crosses its SMA(50)");
  await expect(other).toContainText("notifies #general");
  await page.waitForLoadState("networkidle");
  await look(page, "alerts", ["desk", "phone", "narrow"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await alert.getByRole("button", { name: "Delete alert: AAPL" }).click();
  await expect(alert).toHaveCount(0);
});

test("without scripts a list is read and added to, on a phone", async ({ server, person }) => {
  await Program.register(server, "dee");
  const dee = await person("dee", { scripts: false, viewport: PHONE });
  const { page } = dee;
  await signInQuietly(dee);
  await page.goto("/markets/watchlist");
  await add(page, "apple");
  await expect(row(page, "AAPL")).toContainText("430.47");
  await row(page, "AAPL").getByRole("button", { name: "Remove AAPL" }).click();
  await expect(row(page, "AAPL")).toHaveCount(0);
});
