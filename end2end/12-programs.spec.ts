// What programs, and the people who write them, find.

import { expect, test } from "./fixtures.ts";
import { Program } from "./steps.ts";

test("people who write programs read the description of the REST API in their browser", async ({ server, person }) => {
  for (const theme of ["dark", "light"] as const) {
    const ada = await person(`ada-${theme}`, { theme });
    // Nothing may come from elsewhere, and nothing may be refused by the page's own policy: either
    // would be told on the console.
    const hosts = new Set<string>();
    ada.page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await ada.page.goto("/api/docs");
    const operation = { name: "Sends a message; answers it as it is stored." };
    await expect(ada.page.getByRole("heading", operation)).toBeVisible();
    expect([...hosts]).toEqual([new URL(server.url).origin]);
  }
});

test("without scripts the page of the API still leads to its document", async ({ person }) => {
  const ada = await person("ada", { scripts: false });
  await ada.page.goto("/api/docs");
  const document = await ada.context.request.get("/api/openapi.json");
  expect(document.headers()["content-type"]).toBe("application/json");
  expect(Object.keys((await document.json()).paths)).toContain("/api/rooms");
  await expect(ada.page.getByRole("link", { name: "document of the API" })).toHaveAttribute("href", "/api/openapi.json");
});

test.describe("with a low limit", () => {
  test.use({ settings: { RIALTO__LIMITS__REQUESTS__COUNT: "5" } });

  test("a program that asks too often is told when to go on", async ({ server }) => {
    const ada = await Program.register(server, "ada");
    const ask = () => fetch(`${server.url}/api/stocks/aapl.us`, { headers: { authorization: `Bearer ${ada.token}` } });
    for (let n = 0; n < 5; n++) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ code: "rate-limited", seconds });
  });
});
