// Response times, also with a lot of data; run alone on the machine (playwright.config.ts).

import { expect, test } from "./fixtures.ts";
import { look } from "./looks.ts";
import { enter, message, Program, signInQuietly, TALKATIVE } from "./steps.ts";

test.use({ settings: TALKATIVE });

const WORDS = "Revenue came in above what the street had expected while margins shrank for the third quarter in a row, which explains the move after hours. ";

test("ten thousand messages", async ({ server, person }) => {
  test.setTimeout(400_000);
  const anna = await person("anna");
  const { page } = anna;
  const berta = await Program.register(server, "berta");
  const general = await berta.channel();
  for (let n = 0; n < 10_000; n += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, at) => berta.say(`message ${n + at}: ${WORDS.slice(0, 20 + ((n + at) % 120))}`, general)));
  }
  // A hundred concurrent messages arrive in any order; this one is the last.
  await berta.say("the newest of all", general);
  await enter(server, anna);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const figures = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), rows: await page.locator("li.message").count() };
  };
  const start = await figures();
  let most = 0;
  // Scrolls as fast as possible to the very first message.
  const scrolled = Date.now();
  const frames = await page.evaluate(async () => {
    const timeline = document.querySelector(".timeline");
    const took: number[] = [];
    let last = performance.now();
    while (timeline && !document.querySelector(".timeline-start") && took.length < 60_000) {
      timeline.scrollBy(0, -600);
      await new Promise((done) => requestAnimationFrame(done));
      const now = performance.now();
      took.push(now - last);
      last = now;
    }
    return took.sort((a, b) => a - b);
  });
  await expect(message(page, "message 0:")).toBeAttached();
  most = Math.max(most, await page.locator("li.message").count());
  await look(page, "ten-thousand-up");
  const end = await figures();
  const at = (part: number) => Math.round(frames[Math.floor(frames.length * part)] ?? 0);
  console.log(`10,000 messages up in ${Math.round((Date.now() - scrolled) / 1000)} s, ${frames.length} frames: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms; rows ${start.rows} -> ${end.rows}, nodes ${start.nodes} -> ${end.nodes}, heap ${(start.heap / 1e6).toFixed(1)} -> ${(end.heap / 1e6).toFixed(1)} MB`);
  expect(end.rows, "rows are bounded").toBeLessThanOrEqual(520);
  expect(end.heap - start.heap, "memory is bounded").toBeLessThan(40_000_000);
  expect(at(0.5), "it is smooth").toBeLessThan(50);
  await page.getByRole("button", { name: /Jump to latest|new message/ }).click();
  await expect(message(page, "the newest of all")).toBeInViewport();
});

test("the chart answers soon", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await page.goto("/instruments/AAPL?studies=&compare=");
  const answered = () => page.evaluate(() => performance.getEntriesByName("rialto:chart").at(0)?.startTime ?? 0);
  await expect.poll(answered, "the chart answers").toBeGreaterThan(0);
  const soon = await answered();
  console.log(`the chart answered after ${Math.round(soon)} ms`);
  // Generous, because the machine may be busy.
  expect(soon, "the chart answers soon").toBeLessThanOrEqual(5000);
});
