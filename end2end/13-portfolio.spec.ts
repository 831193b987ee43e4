// A portfolio: transactions, views, edits, comparison; with and without JavaScript.

import { expect, PHONE, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { enter, largeFile, Program, signInQuietly, TALKATIVE, type Transaction } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

/** The example portfolio of docs/methods/README.md. */
const BY_HAND: Transaction[] = [
  { kind: "DEPOSIT", date: "2012-02-29", amount: "10000" },
  { kind: "BUY", symbol: "IBM", date: "2012-02-29", quantity: "40", price: "196.73", fee: "10" },
  { kind: "DIVIDEND", symbol: "IBM", date: "2012-06-11", amount: "34" },
  { kind: "SELL", symbol: "IBM", date: "2012-10-01", quantity: "10", price: "210.47", fee: "10" },
];

const MORE: Transaction[] = [
  { kind: "BUY", symbol: "AAPL", date: "2004-03-01", quantity: "20", price: "24.02" },
  { kind: "BUY", symbol: "MSFT", date: "2002-03-01", quantity: "50", price: "61.37" },
  { kind: "SELL", symbol: "AAPL", date: "2012-06-01", quantity: "10", price: "561.12" },
  { kind: "BUY", symbol: "XOM", date: "2010-05-03", quantity: "12", price: "67.1", note: "No prices in the sample" },
];

/** Opens a section and waits until it is hydrated. */
async function section(page: Page, name: string): Promise<void> {
  await page.goto(`/portfolio/${name}`, { waitUntil: "networkidle" });
}

const row = (page: Page, symbol: string) => page.locator(`tr[data-symbol="${symbol}"]`);

async function write(page: Page, kind: string, fields: Record<string, string>): Promise<void> {
  await page.getByLabel("Type", { exact: true }).selectOption({ label: kind });
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

test("from the first purchase to a history that is put right", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  const channel = page.url();
  await page.getByRole("link", { name: "Portfolio" }).first().click();
  await expect(page.getByRole("heading", { name: "Start your portfolio" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  await look(page, "portfolio-empty");
  await page.setViewportSize({ width: 1280, height: 800 });

  await write(page, "Buy", { Symbol: "aapl", Date: "2012-01-03", Quantity: "10", "Unit price": "411,23" });
  await expect(page.getByText("Transaction added.")).toBeVisible();
  await expect(row(page, "AAPL")).toContainText("Apple Inc.");
  // 10 shares at 430.47, the last price of the sample data.
  await expect(row(page, "AAPL")).toContainText("4,304.70");
  await expect(row(page, "AAPL")).toContainText("+192.40");
  await expect(page.getByText("Sample prices of 1 Mar 2013")).toBeVisible();

  // Selling more than the holding fails, and the form keeps the input.
  await page.getByText("Add a transaction").click();
  anna.allowStatus(409);
  await write(page, "Sell", { Symbol: "AAPL", Date: "2012-06-01", Quantity: "11", "Unit price": "560.99" });
  await expect(page.getByText("You held 10 AAPL on 1 Jun 2012, not 11.")).toBeVisible();
  await expect(page.getByLabel("Quantity", { exact: true })).toHaveValue("11");
  await page.getByLabel("Quantity", { exact: true }).fill("4");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(row(page, "AAPL")).toContainText("2,582.82");

  // From the lots to the transactions.
  await row(page, "AAPL").getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Lots of AAPL" })).toBeVisible();
  await page.locator("#lots").getByRole("link", { name: "Transactions" }).click();
  const sale = page.locator('tr[data-kind="SELL"]');
  await expect(sale).toContainText("560.99");
  await sale.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByRole("heading", { name: "Edit transaction" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  await expect(page.getByLabel("Quantity", { exact: true })).toHaveValue("4");
  await page.getByLabel("Quantity", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(sale).toContainText("2,804.95");
  await sale.getByRole("button", { name: "Delete" }).click();
  await expect(sale).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(sale).toContainText("2,804.95");

  // Removes a holding without a sale, and restores it.
  await section(page, "holdings");
  await row(page, "AAPL").getByRole("button", { name: "Remove AAPL from the portfolio" }).click();
  await expect(row(page, "AAPL")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "AAPL")).toContainText("2,152.35");

  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(channel);
});

test("a portfolio that is followed by hand, beside others", async ({ server, person }) => {
  const program = await Program.register(server, "bo");
  await program.portfolio("By hand", BY_HAND);
  await program.portfolio("Everything that was bought in ten years", [...BY_HAND.slice(1), ...MORE]);
  const bo = await person("bo");
  const { page } = bo;
  await signInQuietly(bo);
  await section(page, "holdings");
  await expect(page.locator(".portfolio-value")).toHaveText("10,336.80 USD");
  await expect(row(page, "IBM")).toContainText("6,087.30");
  await section(page, "performance?benchmark=IBM");
  await expect(page.locator(".figure-card", { hasText: "Simple return" })).toContainText("+3.37%");
  await expect(page.locator(".figure-card", { hasText: "Simple return" })).toContainText(
    "(10,336.80 USD + 0.00 USD − 10,000.00 USD) ÷ 10,000.00 USD",
  );
  await expect(page.locator(".figure-card", { hasText: "XIRR" })).toContainText("+3.36%");
  await expect(page.locator(".figure-card", { hasText: "Benchmark" })).toContainText("10,314.14 USD");
  await page.getByLabel("Benchmark").fill("APPL");
  bo.allowStatus(404);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByText("No price for APPL. Check the symbol.")).toBeVisible();
  await expect(page.locator(".figure-card").first()).toBeVisible();

  await section(page, "holdings");
  await page.getByRole("link", { name: "Everything that was bought" }).click();
  await expect(row(page, "MSFT")).toContainText("Microsoft");
  await page.waitForLoadState("networkidle");
  await look(page, "portfolio-holdings", ["desk", "phone", "narrow", "wide"]);
  await section(page, "holdings?symbol=AAPL");
  await look(page, "portfolio-lots");
  await section(page, "performance?benchmark=AAPL");
  await expect(page.getByText("No prices for XOM")).toBeVisible();
  await look(page, "portfolio-performance", ["desk", "phone", "narrow"]);
  await section(page, "transactions");
  await look(page, "portfolio-transactions", ["desk", "phone", "narrow"]);
  await section(page, "portfolios");
  await look(page, "portfolio-portfolios");
});

test("by average cost, renamed and deleted", async ({ server, person }) => {
  const program = await Program.register(server, "cy");
  await program.portfolio("Mine", [
    { kind: "BUY", symbol: "IBM", date: "2011-01-03", quantity: "100", price: "10" },
    { kind: "BUY", symbol: "IBM", date: "2011-02-01", quantity: "100", price: "20" },
    { kind: "SELL", symbol: "IBM", date: "2011-03-01", quantity: "100", price: "25" },
  ]);
  const cy = await person("cy");
  const { page } = cy;
  await signInQuietly(cy);
  await section(page, "holdings");
  const realized = page.locator(".portfolio-figures div", { hasText: /^Realized gain/ });
  await expect(realized).toContainText("+1,500.00");
  await section(page, "portfolios");
  await page.getByLabel("Cost basis method").first().selectOption("average");
  await page.getByLabel("Name", { exact: true }).first().fill("Mine by average");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Mine by average" })).toBeVisible();
  await section(page, "holdings");
  await expect(realized).toContainText("+1,000.00");

  await section(page, "portfolios");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  expect((await download).suggestedFilename()).toBe("portfolio.csv");
  await page.locator("summary", { hasText: "Delete portfolio" }).click();
  cy.allowStatus(400);
  await page.getByLabel(/Type Mine by average/).fill("Mine");
  await page.getByRole("button", { name: "Delete portfolio" }).click();
  await expect(page.getByText("The name does not match")).toBeVisible();
  await page.getByLabel(/Type Mine by average/).fill("Mine by average");
  await page.getByRole("button", { name: "Delete portfolio" }).click();
  await expect(page.getByRole("heading", { name: "Mine by average" })).toBeHidden();
  await section(page, "holdings");
  await expect(page.getByRole("heading", { name: "Start your portfolio" })).toBeVisible();
});

/** A line with an error, one duplicate, and two new ones. */
const FILE = [
  "date,kind,symbol,quantity,price,fee",
  "2012-02-29,BUY,IBM,40,196.73,10",
  "2012-03-05,BUY,AAPL,ten,533.16,0",
  "2012-03-06,BUY,AAPL,10,530.26,0",
  "2012-04-02,BUY,MSFT,20,32.29,0",
].join("\n");

const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: "text/csv",
  buffer: typeof text === "string" ? Buffer.from(text) : text,
});

test("a file is looked at, taken in and taken back", async ({ server, person }) => {
  const program = await Program.register(server, "fay");
  await program.portfolio("By hand", BY_HAND);
  const fay = await person("fay");
  const { page } = fay;
  await signInQuietly(fay);
  await section(page, "import");
  await expect(page.getByRole("heading", { name: "Into By hand" })).toBeVisible();
  const chooser = page.getByLabel(/CSV or JSON, up to 16 MB/);

  // Files that are not tables get an error and change nothing.
  fay.allowStatus(400);
  await chooser.setInputFiles(file("book.xlsx", Buffer.from("PK\u0003\u0004\u0000\u0000")));
  await expect(page.getByRole("alert").filter({ hasText: "Save the table as CSV" })).toBeVisible();
  await chooser.setInputFiles(file("empty.csv", ""));
  await expect(page.getByRole("alert").filter({ hasText: "This file is empty" })).toBeVisible();
  await chooser.setInputFiles(await largeFile("much.csv", 17 * 1024 * 1024));
  await expect(page.getByRole("alert").filter({ hasText: "The limit is 16 MB" })).toBeVisible();

  // The preview lists new transactions, duplicates, and errors with their lines.
  await chooser.setInputFiles(file("activities.csv", FILE));
  await expect(page.getByRole("heading", { name: "activities.csv" })).toBeVisible();
  const problem = page.getByRole("region", { name: "1 line with an error" }).getByRole("row").nth(1);
  await expect(problem.getByRole("cell").first()).toHaveText("3");
  await expect(problem.getByRole("rowheader")).toHaveText("quantity");
  await expect(problem).toContainText("ten");
  await expect(problem).toContainText("Enter a number above zero");
  const fresh = page.getByRole("region", { name: "2 new transactions" });
  await expect(fresh.getByRole("row")).toHaveCount(3);
  await expect(page.getByText("1 duplicate skipped")).toBeVisible();
  await look(page, "portfolio-import-preview", ["desk", "phone", "narrow"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  const too = page.getByRole("checkbox", { name: "Import the duplicate too" });
  await too.check();
  await expect(page.getByRole("button", { name: "Import 3 transactions" })).toBeVisible();
  await too.uncheck();
  await page.getByRole("button", { name: "Import 2 transactions" }).click();
  await expect(page.getByText("2 transactions imported.")).toBeVisible();
  const past = page.getByRole("row").filter({ hasText: "activities.csv" });
  await expect(past).toContainText("2");
  await section(page, "holdings");
  await expect(row(page, "MSFT")).toContainText("Microsoft");
  await expect(page.getByRole("list", { name: "3 holdings by sector" })).toBeVisible();
  await look(page, "portfolio-map", ["desk", "phone"]);
  await page.setViewportSize({ width: 1280, height: 800 });

  // The second import finds only duplicates; then the first one is undone.
  await section(page, "import");
  await chooser.setInputFiles(file("activities.csv", FILE));
  await expect(page.getByText("3 duplicates skipped")).toBeVisible();
  await expect(page.getByText("Nothing to import.")).toBeVisible();
  await page.getByRole("button", { name: "Choose another file" }).click();
  await page.getByRole("button", { name: "Undo activities.csv" }).click();
  await expect(page.getByText("Import undone. 2 transactions removed.")).toBeVisible();
  await expect(past).toHaveCount(0);

  // Imports again, and undoes it from the toast.
  await chooser.setInputFiles(file("activities.csv", FILE));
  await page.getByRole("button", { name: "Import 2 transactions" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(past).toHaveCount(0);
  await section(page, "holdings");
  await expect(row(page, "MSFT")).toHaveCount(0);
});

/** A sale of shares that were never bought, next to a valid purchase. */
const SHORT = [
  "date,kind,symbol,quantity,price",
  "2012-03-06,BUY,AAPL,10,530.26",
  "2012-04-02,SELL,MSFT,20,32.29",
  "2012-05-02,BUY,MSFT,20,31.80",
].join("\n");

test("a file that sells too much says so, and its rest is taken in", async ({ server, person }) => {
  const program = await Program.register(server, "gil");
  await program.portfolio("By hand", BY_HAND);
  const gil = await person("gil");
  const { page } = gil;
  await signInQuietly(gil);
  await section(page, "import");
  await page.getByLabel(/CSV or JSON, up to 16 MB/).setInputFiles(file("short.csv", SHORT));
  await expect(page.getByRole("alert").filter({ hasText: "Rialto cannot import this file yet." })).toBeVisible();
  const reason = page.getByRole("listitem").filter({ hasText: "Line 3:" });
  await expect(reason).toContainText("You held 0 MSFT on 2 Apr 2012, not 20.");
  // The button says that it does nothing and why, can be reached, and does nothing.
  const take = page.getByRole("button", { name: /^Import \d transactions?$/ });
  await expect(take).toHaveAttribute("aria-disabled", "true");
  await expect(take).toHaveAccessibleDescription(/Line 3: You held 0 MSFT/);
  await look(page, "portfolio-import-hindered", ["desk", "phone", "narrow"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await take.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "short.csv" })).toBeVisible();
  // Imports the rest without the two lines of MSFT.
  await page.getByRole("checkbox", { name: "Skip the 2 lines of MSFT and import the rest" }).check();
  await expect(take).toHaveAttribute("aria-disabled", "false");
  await page.getByRole("button", { name: "Import 1 transaction" }).click();
  await expect(page.getByText("1 transaction imported.")).toBeVisible();
  await section(page, "holdings");
  await expect(row(page, "AAPL")).toContainText("Apple");
  await expect(row(page, "MSFT")).toHaveCount(0);
});

test("the sample tells of no dividends, and the page says so", async ({ server, person }) => {
  const program = await Program.register(server, "ivy");
  await program.portfolio("By hand", BY_HAND);
  const ivy = await person("ivy");
  const { page } = ivy;
  await signInQuietly(ivy);
  await section(page, "dividends");
  await expect(page.getByText("No data source has dividends of IBM.")).toBeVisible();
  await expect(page.locator('tr[data-symbol="IBM"]')).toContainText("34.00");
  await expect(page.locator('tr[data-symbol="IBM"]')).toContainText("0.43%");
  await look(page, "portfolio-dividends-none", ["desk", "phone"]);
});

test("without scripts a purchase is written down and read, on a phone", async ({ server, person }) => {
  await Program.register(server, "dee");
  const dee = await person("dee", { scripts: false, viewport: PHONE });
  const { page } = dee;
  await signInQuietly(dee);
  await page.goto("/portfolio/holdings");
  await write(page, "Buy", { Symbol: "IBM", Date: "2012-02-29", Quantity: "40", "Unit price": "196.73" });
  await expect(row(page, "IBM")).toContainText("8,116.40");
});
