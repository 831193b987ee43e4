import { expect, test } from "./fixtures.ts";

test("the server says that it is well, also after a hard stop", async ({ server, person }) => {
  const anna = await person("anna");
  // JSON has no icon link, so the browser requests the default one.
  anna.allow(/favicon\.ico/);
  const answer = await anna.page.goto("/health");
  expect(answer?.status()).toBe(200);
  expect(await answer?.json()).toMatchObject({ status: "healthy" });

  await server.kill9();
  await server.start();
  expect((await anna.page.reload())?.status()).toBe(200);

  await server.stop();
});
