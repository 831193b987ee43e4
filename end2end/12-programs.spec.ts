// What programs, and the people who write them, find.

import { expect, test } from "./fixtures.ts";

test("people who write programs read the description of the REST API in their browser", async ({ server, person }) => {
  // In the other theme it is drawn where every page is looked at.
  const ada = await person("ada");
  // Nothing may come from elsewhere, and nothing may be refused by the page's own policy: either
  // would be told on the console.
  const hosts = new Set<string>();
  ada.page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await ada.page.goto("/api/docs");
  const operation = { name: "Sends a message and returns it as stored." };
  await expect(ada.page.getByRole("heading", operation)).toBeVisible({ timeout: 60_000 });
  expect([...hosts]).toEqual([new URL(server.url).origin]);
});
