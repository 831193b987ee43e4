// Without network.

import { expect, test } from "./fixtures.ts";
import { enter, message, pending, Program, say, texts } from "./steps.ts";

test("what is written offline is kept and sent once", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  anna.allowDisconnection();
  await say(anna.page, "still here");
  await expect(message(berta.page, "still here")).toBeVisible();

  await anna.context.setOffline(true);
  await say(anna.page, "from the tunnel, one");
  await say(anna.page, "from the tunnel, two");
  await expect.soft(anna.page.getByText("You are offline. Rialto saves your messages and sends them later.")).toBeVisible();
  await expect(pending(anna.page)).toHaveCount(2);
  await say(berta.page, "are you there?");
  await expect(message(berta.page, "are you there?")).toBeVisible();
  expect(await texts(berta.page)).toEqual(["still here", "are you there?"]);

  await anna.context.setOffline(false);
  const all = ["still here", "are you there?", "from the tunnel, one", "from the tunnel, two"];
  for (const one of [anna, berta]) {
    await expect(message(one.page, "from the tunnel, two")).toBeVisible({ timeout: 30_000 });
    expect(await texts(one.page)).toEqual(all);
  }
  await expect(pending(anna.page)).toHaveCount(0);
  await expect(anna.page.getByText("You are offline.")).toBeHidden();
  const stored = await (await Program.signIn(server, "berta")).read();
  expect(stored.map((said) => said.original_text)).toEqual(all);
});
