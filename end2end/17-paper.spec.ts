// Paper trading in a moving market: two members join, place, edit and cancel orders, sell, are
// notified, and appear on the leaderboard.

import { expect, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { enter, Program, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

// One day per minute: a new price every second.
test.use({
  settings: {
    ...TALKATIVE,
    RIALTO__MARKET__REPLAY: "60",
    RIALTO__MARKET__ALERT_SECONDS: "1",
  },
});

const open = (page: Page) => page.locator(".paper-open tbody tr");
const done = (page: Page, state: string) => page.locator(`.paper-done tbody tr[data-state="${state}"]`);
const position = (page: Page, symbol: string) => page.locator(`.paper-positions tr[data-symbol="${symbol}"]`);
const place = (page: Page, member: string) => page.locator(`.paper-leaderboard tr[data-member="${member}"]`);

async function order(page: Page, side: string, units: string, limit?: string): Promise<void> {
  await page.getByLabel("Side", { exact: true }).selectOption({ label: side });
  await page.getByLabel("Quantity", { exact: true }).fill(units);
  const kind = limit ? "Limit" : "Market";
  await page.getByLabel("Type", { exact: true }).selectOption({ label: kind });
  if (limit) await page.getByLabel("Limit price", { exact: true }).fill(limit);
  await page.getByRole("button", { name: "Place order" }).click();
}

test("two people trade at prices that come after their orders", async ({ server, person }) => {
  test.setTimeout(180_000);
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  await page.goto("/instruments/AAPL");
  await page.getByRole("link", { name: "Paper trade" }).click();
  await expect(page).toHaveURL(/\/markets\/paper\?symbol=AAPL/);
  await expect(page.getByRole("heading", { name: "Join paper trading" })).toBeVisible();
  await expect(page.getByText("No members yet. Join first.")).toBeVisible();
  await page.waitForLoadState("networkidle");

  await page.getByRole("button", { name: /^Join / }).click();
  await expect(page.getByText("You joined. Place your first order.")).toBeVisible();
  await expect(page.locator(".paper-account")).toContainText("100,000.00 USD");
  await expect(place(page, "anna")).toContainText("\u2013");

  // The preview of the order, then an order above the buying power.
  await expect(page.getByLabel("Symbol", { exact: true })).toHaveValue("AAPL");
  await page.getByLabel("Quantity", { exact: true }).fill("10");
  await expect(page.getByRole("status").filter({ hasText: "Apple Inc." })).toContainText("fills at the next price");
  anna.allowStatus(409);
  await order(page, "Buy", "1000000");
  await expect(page.getByText("Your buying power is")).toBeVisible();
  await order(page, "Sell", "1");
  await expect(page.getByText("Short selling is not available.")).toBeVisible();

  await order(page, "Buy", "10");
  await expect(page.locator(".toast", { hasText: "bought 10 AAPL at" })).toHaveCount(1, { timeout: 30_000 });
  await expect(done(page, "filled")).toHaveCount(1, { timeout: 30_000 });
  await expect(done(page, "filled")).toContainText("Buy 10");
  await expect(position(page, "AAPL")).toContainText("Apple Inc.");
  await expect(place(page, "anna").locator("td").first()).toHaveText("1");

  // A limit order far from the price stays open until it is canceled; the form keeps its input.
  await order(page, "Buy", "5", "1.5");
  await expect(open(page)).toHaveCount(1);
  await expect(open(page)).toContainText("Buy 5 at 1.50 USD or less");
  await page.getByLabel("Quantity", { exact: true }).fill("4");
  const seen = page.waitForResponse((answer) => answer.url().includes("/rpc/paper/page"));
  await seen;
  await expect(page.getByLabel("Quantity", { exact: true })).toHaveValue("4");
  await look(page, "paper-orders");
  await page.getByRole("button", { name: "Cancel the AAPL order: Buy 5 at 1.50 USD or less" }).click();
  await expect(page.getByText("Order canceled.")).toBeVisible();
  await expect(open(page)).toHaveCount(0);
  await expect(done(page, "canceled")).toHaveCount(1);

  await order(page, "Sell", "4");
  await expect(done(page, "filled")).toHaveCount(2, { timeout: 30_000 });
  await expect(position(page, "AAPL").locator("td").first()).toHaveText("6");

  // Another member: an open order survives a restart of the server and fills once.
  const bo = await Program.register(server, "bo");
  await bo.call("POST", "/api/paper/join", {});
  await bo.call("POST", "/api/paper/orders", { symbol: "IBM", side: "buy", kind: "market", quantity: 20 });
  anna.allowDisconnection();
  anna.allowStatus(502);
  await server.kill9();
  await server.start();
  type Orders = { orders: { state: string }[] };
  const states = async () => (await bo.call<Orders>("GET", "/api/paper/orders")).orders.map((one) => one.state);
  await expect.poll(states, { timeout: 30_000 }).toEqual(["filled"]);
  const { account } = await bo.call<{ account: { trades: number } }>("GET", "/api/paper/account");
  expect(account.trades).toBe(1);

  await page.goto("/markets/paper", { waitUntil: "networkidle" });
  await expect(place(page, "anna").locator("td").first()).toHaveText(/^[12]$/);
  await expect(place(page, "bo").locator("td").first()).toHaveText(/^[12]$/);
  await expect(page.locator(".paper-market")).toContainText("Benchmark: AAPL, IBM, MSFT");
  await look(page, "paper-leaderboard", ["desk", "phone", "narrow"]);

  // The paper portfolio cannot be edited.
  await page.goto("/portfolio/holdings");
  await expect(page.getByRole("heading", { name: "Start your portfolio" })).toBeVisible();
});

test("what became of an order is told on every page, once, and stands where the orders are", async ({
  server,
  person,
}) => {
  test.setTimeout(180_000);
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  const program = await Program.signIn(server, "anna");
  const trade = (side: string, quantity: number) =>
    program.call("POST", "/api/paper/orders", { symbol: "AAPL", side, kind: "market", quantity });
  await program.call("POST", "/api/paper/join", {});
  await page.goto("/", { waitUntil: "networkidle" });
  await trade("buy", 10);
  const bought = page.locator(".toast", { hasText: /Paper trading: bought 10 AAPL at \d/ });
  await expect(bought).toHaveCount(1, { timeout: 30_000 });
  await expect(page.getByRole("link", { name: "1 unread notification" })).toBeVisible();
  await bought.getByRole("link", { name: "View" }).click();
  await expect(page).toHaveURL(/\/markets\/paper$/);
  await expect(position(page, "AAPL").locator("td").first()).toHaveText("10");

  // The open page updates; with no open order it does not poll by itself.
  await page.waitForLoadState("networkidle");
  await trade("sell", 4);
  await expect(done(page, "filled")).toHaveCount(2, { timeout: 30_000 });
  await expect(position(page, "AAPL").locator("td").first()).toHaveText("6");

  // The notification is in the list, and read.
  await page.goto("/markets/alerts", { waitUntil: "networkidle" });
  await expect(page.locator(".notification")).toHaveCount(2);
  await expect(page.locator(".notification.fresh")).toHaveCount(0);
  await expect(page.locator(".notification").first()).toContainText("Paper trading: sold 4 AAPL at");
  await look(page, "paper-notification");

  // Edits an open order in one step, and sells a holding from its row.
  await page.goto("/markets/paper?symbol=AAPL", { waitUntil: "networkidle" });
  await order(page, "Buy", "5", "1.5");
  await page.getByRole("link", { name: "Edit the AAPL order: Buy 5 at 1.50 USD or less" }).click();
  await expect(page.getByRole("heading", { name: "Edit AAPL order" })).toBeVisible();
  const units = page.getByLabel("Quantity", { exact: true });
  await expect(units).toHaveValue("5");
  await expect(units).toBeFocused();
  await expect(page.getByLabel("Limit price", { exact: true })).toHaveValue("1.5");
  await look(page, "paper-changing");
  await units.fill("7");
  await page.getByRole("button", { name: "Save order" }).click();
  await expect(page.getByText("Order for AAPL saved.")).toBeVisible();
  await expect(page).toHaveURL(/\/markets\/paper$/);
  await expect(open(page)).toHaveCount(1);
  await expect(open(page)).toContainText("Buy 7 at 1.50 USD or less");
  await page.getByRole("link", { name: "Sell all AAPL" }).click();
  await expect(units).toHaveValue("6");
  await expect(page.getByLabel("Side", { exact: true })).toHaveValue("sell");
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(done(page, "filled")).toHaveCount(3, { timeout: 30_000 });
  await expect(page.getByText("No holdings yet.")).toBeVisible();
});

test.describe("prices that have ended", () => {
  test.use({ settings: TALKATIVE });

  test("say so before an order is placed and after it", async ({ server, person }) => {
    const anna = await person("anna");
    const { page } = anna;
    await enter(server, anna);
    await page.goto("/markets/paper?symbol=AAPL", { waitUntil: "networkidle" });
    await page.getByRole("button", { name: /^Join / }).click();
    await expect(page.getByText("Sample prices end in 2013")).toBeVisible();
    await page.getByLabel("Quantity", { exact: true }).fill("10");
    await expect(page.getByText("so the order will not fill.")).toBeVisible();
    await order(page, "Buy", "10");
    await expect(page.getByText("so it will not fill")).toBeVisible();
    await expect(open(page)).toHaveCount(1);
  });

  test("without scripts one sees what is open, and cancels it", async ({ server, person }) => {
    const anna = await person("anna", { scripts: false });
    const { page } = anna;
    await Program.register(server, "anna");
    const program = await Program.signIn(server, "anna");
    await program.call("POST", "/api/paper/join", {});
    await program.call("POST", "/api/paper/orders", { symbol: "AAPL", side: "buy", kind: "market", quantity: 3 });
    await signInQuietly(anna);
    await page.goto("/markets/paper");
    await expect(open(page)).toHaveCount(1);
    await page.getByRole("button", { name: /^Cancel the AAPL order/ }).click();
    await page.goto("/markets/paper");
    await expect(open(page)).toHaveCount(0);
    await expect(done(page, "canceled")).toHaveCount(1);
  });
});
