// A power failure in the middle of a conversation.

import { expect, test } from "./fixtures.ts";
import { composer, enter, message, pending, Program, say, TALKATIVE, texts } from "./steps.ts";

test.use({ settings: TALKATIVE });

test("the server is killed while two people type: everything arrives once, in one order", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  for (const one of [anna, berta]) one.allowDisconnection();
  await enter(server, anna);
  await enter(server, berta);
  const sent: string[] = [];
  const speak = async (who: typeof anna, text: string) => {
    sent.push(text);
    await say(who.page, text);
  };

  for (const round of [1, 2]) {
    await speak(anna, `anna ${round} before`);
    await speak(berta, `berta ${round} before`);
    for (const one of [anna, berta]) await expect(message(one.page, `berta ${round} before`)).toBeVisible();

    // Some messages are in flight when the server is killed.
    await speak(anna, `anna ${round} at the moment`);
    const end = server.kill9();
    await speak(berta, `berta ${round} at the moment`);
    await end;
    for (const n of [1, 2, 3]) {
      await speak(anna, `anna ${round} in the dark ${n}`);
      await speak(berta, `berta ${round} in the dark ${n}`);
    }
    for (const one of [anna, berta]) {
      await expect(pending(one.page).filter({ hasText: `${round} in the dark 3` })).toBeVisible();
      await expect(one.page.getByText("Connection lost.")).toBeVisible();
    }
    await composer(anna.page).fill("half a sentence");

    await server.start();
    for (const one of [anna, berta]) {
      await expect(pending(one.page)).toHaveCount(0, { timeout: 40_000 });
      await expect(message(one.page, `berta ${round} in the dark 3`)).toBeVisible();
      await expect(message(one.page, `anna ${round} in the dark 3`)).toBeVisible();
      await expect(one.page.getByText("Connection lost.")).toBeHidden();
    }
    await expect(composer(anna.page), "what is being written stays").toHaveValue("half a sentence");
  }

  const stored = (await (await Program.signIn(server, "anna")).read()).map((said) => said.original_text);
  expect([...stored].sort(), "everything once").toEqual([...sent].sort());
  for (const who of ["anna", "berta"]) {
    const own = (list: string[]) => list.filter((text) => text.startsWith(who));
    expect(own(stored), `in the order of ${who}'s writing`).toEqual(own(sent));
  }
  for (const one of [anna, berta]) {
    expect(await texts(one.page)).toEqual(stored);
    await one.page.reload();
    expect(await texts(one.page), "and after a reload").toEqual(stored);
  }
});
