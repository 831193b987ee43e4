// Dividends from a data source: suggested, added, undone.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test as base } from "./fixtures.ts";
import { look } from "./looks.ts";
import { Program, signInQuietly, TALKATIVE } from "./steps.ts";

/** The example portfolio of docs/methods/README.md, and a symbol without dividend data. */
const HISTORY = [
  { kind: "BUY", symbol: "IBM", date: "2012-02-29", quantity: "40", price: "196.73", fee: "10" },
  { kind: "DIVIDEND", symbol: "IBM", date: "2012-06-11", amount: "34" },
  { kind: "SELL", symbol: "IBM", date: "2012-10-01", quantity: "10", price: "210.47", fee: "10" },
  { kind: "BUY", symbol: "XOM", date: "2012-05-03", quantity: "12", price: "67.1" },
];

/** A fake Alpha Vantage that only has dividends of IBM. */
async function played(): Promise<{ base: string; close: () => void }> {
  const paid: [exDate: string, pays: string][] = [
    ["2012-05-08", "2012-06-09"],
    ["2012-08-08", "2012-09-10"],
    ["2012-11-07", "2012-12-10"],
  ];
  const data = paid.map(([ex_dividend_date, payment_date]) => ({ ex_dividend_date, payment_date, amount: "0.85" }));
  const source = createServer((request, response) => {
    const url = request.url ?? "";
    const known = url.includes("function=DIVIDENDS") && url.includes("symbol=IBM");
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(known ? { symbol: "IBM", data } : { "Error Message": "Invalid API call." }));
  });
  await new Promise<void>((done) => source.listen(0, "127.0.0.1", done));
  const { port } = source.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, close: () => source.close() };
}

const test = base.extend({
  settings: async ({}, use) => {
    const source = await played();
    await use({
      ...TALKATIVE,
      RIALTO__MARKET__SOURCE: "alpha_vantage, sample",
      RIALTO__MARKET__ALPHA_VANTAGE_URL: source.base,
      RIALTO__MARKET__ALPHA_VANTAGE_PER_MINUTE: "60000",
      RIALTO__MARKET__ALPHA_VANTAGE_PER_DAY: "10000",
      ALPHA_VANTAGE_KEY: "played",
    });
    source.close();
  },
});

test("dividends that a source tells of are taken over and taken back", async ({ server, person }) => {
  const program = await Program.register(server, "hal");
  await program.portfolio("By hand", HISTORY);
  const hal = await person("hal");
  const { page } = hal;
  await signInQuietly(hal);
  await page.goto("/portfolio/dividends", { waitUntil: "networkidle" });
  await expect(page.locator(".figure-card", { hasText: "Yield on cost" })).toContainText("25.50 USD ÷");
  await expect(page.getByText("1 dividend is already in your transactions")).toBeVisible();
  await expect(page.getByText("No data source has dividends of XOM.")).toBeVisible();
  const offered = page.getByRole("region", { name: "Missing dividends" });
  await expect(offered.getByRole("row")).toHaveCount(3);
  await look(page, "portfolio-dividends", ["desk", "phone", "narrow"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("checkbox", { name: "IBM, ex-date 7 Nov 2012" }).uncheck();
  await page.getByRole("button", { name: "Add selected" }).click();
  await expect(page.getByText("1 dividend added.")).toBeVisible();
  await expect(offered.getByRole("row")).toHaveCount(2);
  await expect(page.locator(".figure-card", { hasText: "Total dividends" })).toContainText("68.00");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(offered.getByRole("row")).toHaveCount(3);
  // An empty selection shows an error and changes nothing.
  hal.allowStatus(400);
  await page.getByRole("checkbox", { name: "Select all" }).uncheck();
  await page.getByRole("button", { name: "Add selected" }).click();
  await expect(page.getByText("Choose at least one dividend.")).toBeVisible();
});
