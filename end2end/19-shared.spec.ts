// Sharing: a portfolio and a trade as cards, and an alert created from a channel.

import { axe, expect, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { enter, messages, Program, say, TALKATIVE } from "./steps.ts";

test.use({ settings: TALKATIVE });

/** Alice's transactions, whose amounts other members must not see. */
const HISTORY = [
  { kind: "DEPOSIT", date: "2012-02-29", amount: "10000" },
  { kind: "BUY", symbol: "IBM", date: "2012-02-29", quantity: "40", price: "196.73" },
  { kind: "BUY", symbol: "AAPL", date: "2012-06-01", quantity: "2", price: "560.99" },
];

test("a portfolio and a trade are shared in per cents, and with more only where it is chosen", async ({ server, person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await enter(server, alice);
  await enter(server, bob);
  const program = await Program.signIn(server, "alice");
  await program.portfolio("Rainy days", HISTORY);

  const { page } = alice;
  await page.goto("/portfolio/holdings", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share portfolio" });
  const preview = dialog.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("listitem")).toHaveCount(3);
  await expect(preview).toContainText("%");
  await expect(preview).not.toContainText("8,116.40");
  // Details appear in the preview before sharing, and can be removed again.
  await dialog.getByLabel("Amounts", { exact: true }).check();
  await expect(preview).toContainText("8,116.40");
  await dialog.getByLabel("Amounts", { exact: true }).uncheck();
  await expect(preview).not.toContainText("8,116.40");
  await dialog.getByLabel("Channel", { exact: true }).selectOption({ label: "#general" });
  await dialog.getByLabel("Comment (optional)").fill("Slow and steady");
  await expect(preview).toContainText("Slow and steady");
  await look(page, "share-dialog", ["desk", "phone", "narrow"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await dialog.getByRole("button", { name: "Share" }).click();
  await expect(dialog.getByRole("status")).toHaveText("Shared in #general.");
  await expect(dialog.getByRole("link", { name: "View" })).toBeFocused();
  await dialog.getByRole("link", { name: "View" }).click();

  // Both members see the same card under Alice's name; neither it nor the API contains amounts.
  for (const one of [page, bob.page]) {
    const shared = messages(one).first();
    await expect(shared.locator(".message-author")).toHaveText("alice");
    await expect(shared.locator(".message-body")).toHaveText("Slow and steady");
    await expect(shared.locator(".share-title")).toHaveText("Portfolio");
    await expect(shared.getByRole("listitem")).toHaveText([/IBM.*\d%/, /AAPL.*\d%/, /Cash.*\d%/]);
    await expect(shared.locator(".card-foot.sample")).toHaveText("sample 1 Mar 2013");
    await expect(shared.getByText("Simple return")).toBeVisible();
  }
  const said = (await (await Program.signIn(server, "bob")).read())[0];
  expect(said?.user_kind).toBe("person");
  expect(said?.original_text).toMatch(/^Slow and steady\n\nPortfolio: IBM [\d.]+%, AAPL [\d.]+%, cash [\d.]+%\./);
  for (const amount of ["8116", "860", "7869", "1121", "10000", "Rainy", "units"]) {
    expect(JSON.stringify([said?.original_text, said?.cards]), `no ${amount}`).not.toContain(amount);
  }

  // Shares a trade, and opts in to its quantity.
  await page.goto("/portfolio/transactions", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Share the AAPL trade of 1 Jun 2012" }).click();
  const trade = page.getByRole("dialog", { name: "Share trade" });
  await expect(trade.getByLabel("Portfolio name")).toHaveCount(0);
  await expect(trade.getByRole("region")).toContainText("560.99");
  await trade.getByLabel(/^Quantities/).check();
  await expect(trade.getByRole("region").getByText("Quantity", { exact: true })).toBeVisible();
  await trade.getByRole("button", { name: "Share" }).click();
  await expect(trade.getByRole("status")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(trade).toBeHidden();
  const second = messages(bob.page).nth(1);
  await expect(second.locator(".share-title")).toContainText("Bought AAPL");
  await expect(second).toContainText("560.99");
  await expect(second.locator(".quote-change.down")).toContainText("−23.27%");
  await axe(bob.page);
  await look(bob.page, "shared-cards", ["desk", "phone", "narrow"]);
  await bob.page.setViewportSize({ width: 1280, height: 800 });

  // The card stays unchanged after the portfolio is deleted, until she deletes the message.
  const { portfolios } = await program.call<{ portfolios: { id: string }[] }>("GET", "/api/portfolios");
  await program.call("DELETE", `/api/portfolios/${portfolios[0]?.id}`);
  await bob.page.reload();
  await expect(messages(bob.page).first().getByRole("listitem")).toHaveCount(3);
  const [first] = await program.read();
  await program.call("DELETE", `/api/channels/${await program.channel()}/messages/${first?.message_id}`);
  await expect(bob.page.locator(".share-lines")).toHaveCount(0);
});

test("an alert that is asked for in a channel stands on its page", async ({ server, person }) => {
  const alice = await person("alice");
  await enter(server, alice);
  const { page } = alice;
  await say(page, "/alert AAPL > 200");
  const answer = messages(page).nth(1);
  await expect(answer).toContainText("Alert created: you get a notification when AAPL rises above 200.");
  await expect(answer).toContainText("The condition is already met");
  await expect(answer).toContainText("430.47");
  await expect(answer.locator(".card-foot.sample")).toHaveText("sample 1 Mar 2013");
  await say(page, "/alert msft -3% here");
  await expect(messages(page).nth(3)).toContainText("Alert created: this channel gets a message when MSFT falls 3% or more in one day.");
  await say(page, "/alert aapl when it is cheap");
  await expect(messages(page).nth(5)).toContainText("Use a form such as AAPL > 200");
  await expect(messages(page).nth(5)).toContainText("/alert AAPL > 200");
  await say(page, "/alert nope > 5");
  await expect(messages(page).nth(7)).toContainText("No quote for NOPE.");
  await axe(page);

  await answer.getByRole("link", { name: "View or delete your alerts" }).click();
  await expect(page).toHaveURL(/\/markets\/alerts$/);
  const alerts = page.locator("tr[data-alert]");
  await expect(alerts).toHaveCount(2);
  await expect(alerts.first()).toContainText("notifies #general");
  await expect(alerts.last()).toContainText("above 200");
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: /^Delete alert: AAPL/ }).click();
  await expect(alerts).toHaveCount(1);
});
