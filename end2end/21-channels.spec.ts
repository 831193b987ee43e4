// Deleting channels, and messages whose nonce another message has.

import { axe, expect, test } from "./fixtures.ts";
import { look, SIZES } from "./looks.ts";
import { channelLink, composer, enter, makeChannel, message, messages, open, Program, say, TALKATIVE } from "./steps.ts";

test.use({ settings: TALKATIVE });

test("an admin deletes a channel by its name, and everybody leaves it at once", async ({ server, person }) => {
  const [anna, berta, carla] = [await person("anna"), await person("berta"), await person("carla")];
  for (const one of [anna, berta, carla]) await enter(server, one);
  await makeChannel(anna.page, "oil");
  await say(anna.page, "about $XOM");
  for (const { page } of [berta, carla]) await expect(channelLink(page, "oil")).toBeVisible();
  await channelLink(berta.page, "oil").click();
  await expect(message(berta.page, "about $XOM")).toBeVisible();
  await composer(berta.page).fill("a draft");
  await expect(berta.page.getByRole("button", { name: "Delete channel" })).toHaveCount(0);
  // Carla misses the deletion and finds out when she is back online.
  carla.allowDisconnection();
  await carla.context.setOffline(true);

  const { page } = anna;
  await channelLink(page, "oil").focus();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Delete channel" })).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Delete channel" });
  await expect(dialog).toContainText("#oil");
  await expect(dialog.getByLabel("Type oil to confirm")).toBeFocused();
  await axe(page);
  await look(page, "channel-delete");
  await page.setViewportSize(SIZES.desk);
  await dialog.getByLabel("Type oil to confirm").fill("general");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("The name does not match. Type it again.");
  await dialog.getByLabel("Type oil to confirm").fill("oil");
  await page.keyboard.press("Enter");
  for (const { page } of [anna, berta]) {
    await expect(page.locator("h1")).toHaveText("general", { timeout: 5_000 });
    await expect(page.locator(".toast", { hasText: "#oil deleted." })).toBeVisible();
    await expect(channelLink(page, "oil")).toHaveCount(0);
  }
  await expect(dialog).toBeHidden();
  expect(await berta.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")))).toEqual([]);
  // The last channel cannot be deleted.
  await expect(page.getByRole("button", { name: "Delete channel" })).toHaveCount(0);
  await carla.context.setOffline(false);
  await expect(channelLink(carla.page, "oil")).toHaveCount(0, { timeout: 30_000 });

  // Other channels still work.
  await say(anna.page, "all is well");
  for (const { page } of [berta, carla]) await expect(message(page, "all is well")).toBeVisible();
  await page.goto("/admin/audit-log", { waitUntil: "networkidle" });
  await expect(page.getByText("deleted #oil")).toBeVisible();
});

test("a message whose nonce another one has says so, and is sent when it is tried again", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  const program = await Program.signIn(server, "anna");
  const channel = await program.channel();
  const path = `/api/channels/${channel}/messages`;
  const first = await program.call<{ user_id: string }>("POST", path, { text: "first", nonce: "n-1" });
  await expect(message(page, "first")).toBeVisible();
  // An older page stored another text under the same nonce.
  await page.evaluate(
    ([account, channel]) =>
      new Promise<void>((done, fail) => {
        const opening = indexedDB.open("rialto", 1);
        opening.onsuccess = () => {
          const writing = opening.result.transaction("outbox", "readwrite");
          const entry = { account, channel, nonce: "n-1", text: "second", at: Date.now(), patient: false };
          writing.objectStore("outbox").add(entry);
          writing.oncomplete = () => {
            opening.result.close();
            done();
          };
          writing.onabort = () => fail(new Error("not written"));
        };
      }),
    [first.user_id, channel],
  );
  await open(page);
  const failed = page.locator("li.message.failed");
  await expect(failed).toContainText("second");
  await expect(failed).toContainText("Another message has the same ID.");
  await failed.getByRole("button", { name: "Retry" }).click();
  await expect(message(page, "second")).toBeVisible();
  await expect(failed).toHaveCount(0);
  await expect(messages(page)).toHaveCount(2);
  expect((await program.read()).map((one) => one.original_text)).toEqual(["first", "second"]);
});
