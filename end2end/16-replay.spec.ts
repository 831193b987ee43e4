// A moving market: the replay plays the bundled days, prices change, an alert notifies once.

import { expect, test } from "./fixtures.ts";
import { enter, Program, TALKATIVE } from "./steps.ts";

test.use({
  settings: {
    ...TALKATIVE,
    // One day in three seconds. AAPL rises above 600 on the eighth day: the page is open by then,
    // even on a busy machine.
    RIALTO__MARKET__REPLAY: "3",
    RIALTO__MARKET__REPLAY_FROM: "2012-06-25",
    RIALTO__MARKET__ALERT_SECONDS: "1",
  },
});

test("an alert fires while the market moves, and once, whatever happens to the server", async ({ server, person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  const program = await Program.signIn(server, "anna");
  const channel = await program.channel();
  const wait = (value: number, into = "") =>
    program.call<{ id: string }>("POST", "/api/alerts", { symbol: "AAPL", kind: "price_above", value, channel: into });
  await wait(601);
  await wait(601.5, channel);
  // The notification appears on any open page.
  await page.goto("/instruments/AAPL");
  await expect(page.locator(".instrument-head")).toContainText("replay");
  const price = page.locator(".instrument-price strong");
  const before = await price.textContent();
  await expect(price).not.toHaveText(before ?? "", { timeout: 20_000 });
  const toasts = page.locator(".toast", { hasText: "AAPL above 601" });
  await expect(toasts).toHaveCount(2, { timeout: 60_000 });
  await toasts.first().getByRole("link", { name: "View" }).click();
  await expect(page).toHaveURL(/\/instruments\/AAPL/);
  const posts = async () => (await program.read()).filter((said) => JSON.stringify(said).includes("601.5")).length;
  await expect.poll(posts).toBe(1);

  // The server is killed and restarts: no second notification, no second message.
  anna.allowDisconnection();
  anna.allowStatus(502);
  await server.kill9();
  await server.start();
  const { alerts } = await program.call<{ alerts: { state: string }[] }>("GET", "/api/alerts");
  expect(alerts.map((one) => one.state)).toEqual(["fired", "fired"]);
  expect(await posts()).toBe(1);
  await page.goto("/markets/alerts", { waitUntil: "networkidle" });
  await expect(page.getByText("Triggered")).toHaveCount(2);
  await expect(page.locator(".notification")).toHaveCount(2);
});
