// The API documentation for developers of programs.

import { expect, test } from "./fixtures.ts";

test("people who write programs read the description of the REST API in their browser", async ({ server, person }) => {
  // Uses one theme; 7-eyes.spec.ts checks this page in all themes.
  const ada = await person("ada");
  // The page must not load anything from other hosts, and its own policy must not block anything;
  // the console would report either.
  const hosts = new Set<string>();
  ada.page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await ada.page.goto("/api/docs");
  const operation = { name: "Sends a message and returns it as stored." };
  await expect(ada.page.getByRole("heading", operation)).toBeVisible({ timeout: 60_000 });
  expect([...hosts]).toEqual([new URL(server.url).origin]);
});
