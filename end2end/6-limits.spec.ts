// Limits and errors appear where they happen.

import { expect, test } from "./fixtures.ts";
import { composer, enter, makeChannel, message, messages, open, Program, say, texts, untilAlive } from "./steps.ts";

test.describe("the limit of messages", () => {
  test.use({ settings: { RIALTO__LIMITS__MESSAGES__SECONDS: "8" } });

  test("the eleventh message is refused with the waiting time, and can be sent later or left", async ({ server, person }) => {
    const [anna, berta] = [await person("anna"), await person("berta")];
    await enter(server, anna);
    await enter(server, berta);
    const { page } = anna;
    for (let n = 1; n <= 12; n++) await say(page, `quick ${n}`);
    const failed = page.locator("li.message.failed");
    await expect(failed).toHaveCount(2);
    await expect(failed.first()).toContainText(/Message not sent\. You can send again in \d+ seconds?\./);
    await expect(failed.first()).toContainText("quick 11");
    await expect(messages(berta.page)).toHaveCount(10);

    await failed.last().getByRole("button", { name: "Discard" }).click();
    await expect(failed).toHaveCount(1);
    // A retry that is too early fails again, a later one succeeds.
    await expect(async () => {
      await failed.getByRole("button", { name: "Retry" }).click({ timeout: 1_000 });
      await expect(message(page, "quick 11")).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
    await expect(failed).toHaveCount(0);
    const all = Array.from({ length: 11 }, (_, index) => `quick ${index + 1}`);
    for (const one of [anna, berta]) {
      await expect(message(one.page, "quick 11")).toBeVisible();
      expect(await texts(one.page)).toEqual(all);
    }
  });
});

test("a message that is too long is told while it is written and stays", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  const long = "é".repeat(4001);
  await composer(page).fill("é".repeat(3900));
  await expect(page.locator(".composer-count")).toHaveText("3900 / 4000");
  await composer(page).fill(long);
  await expect(page.locator(".composer-count.over")).toHaveText("1 character too many");
  await composer(page).press("Enter");
  await expect(page.locator(".composer-error")).toHaveText(/Message too long\. The limit is 4[,. \u202f]?000 characters\./);
  await expect(composer(page), "nothing is lost").toHaveValue(long);
  await expect(page.locator("li.message")).toHaveCount(0);
  await composer(page).fill(long.slice(1));
  await expect(page.locator(".composer-error")).toHaveText("");
  await composer(page).press("Enter");
  await expect(messages(page)).toHaveCount(1);
  await composer(page).press("Enter");
  await composer(page).fill("   \n ");
  await composer(page).press("Enter");
  await composer(page).fill("");
  await say(page, "after nothing");
  await expect(message(page, "after nothing")).toBeVisible();
  expect(await texts(page), "empty ones are not sent").toHaveLength(2);
  expect(await (await Program.signIn(server, "anna")).read()).toHaveLength(2);
});

test("a session that is ended elsewhere ends here at once", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  const program = await Program.signIn(server, "anna");
  const { sessions } = await program.call<{ sessions: { id: string; current: boolean; device?: unknown }[] }>("GET", "/api/sessions");
  const others = sessions.filter((session) => !session.current);
  expect(others.length).toBeGreaterThan(0);
  await makeChannel(page, "bonds");
  for (const session of others) await program.call("DELETE", `/api/sessions/${session.id}`);
  await expect(page).toHaveURL(/\/sign-in/, { timeout: 5_000 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  // After signing in, the previous page opens.
  await page.getByLabel("Username or email").fill("anna");
  await page.getByLabel("Password", { exact: true }).fill("lantern-over-water-7");
  await untilAlive(page, () => page.getByRole("button", { name: "Sign in" }).click());
  await expect.soft(page.locator("h1")).toHaveText("bonds");
});

test("signing out in one window ends the others of that browser", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const other = await anna.context.newPage();
  await open(other);
  await other.getByRole("button", { name: "Sign out" }).click();
  for (const page of [other, anna.page]) await expect(page).toHaveURL(/\/sign-in/, { timeout: 5_000 });
  await other.goto("/");
  await expect(other).toHaveURL(/\/sign-in$/);
});
