import { defineConfig } from "@playwright/test";

/** What is looked at in both themes and all sizes: the longest of all, so it begins. */
const PICTURES = "*-eyes.spec.ts";
/** What measures time: alone, when all others are done (fixtures.ts). */
const MEASURED = ["*-lighthouse.spec.ts", "*-speed.spec.ts"];

// Each test starts its own server (fixtures.ts); run.ts makes what all of them begin with.
export default defineConfig<{ measures: boolean }>({
  testDir: ".",
  outputDir: "results",
  globalSetup: "./run.ts",
  fullyParallel: true,
  // Stories mostly wait: for a browser, a server, a clock.
  workers: Number(process.env.RIALTO_STORIES ?? 3),
  // The second try is traced. It mends nothing: the run names a story that needs it.
  retries: 1,
  forbidOnly: true,
  // For a machine that does much besides; what must come sooner says so where it is expected.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // Pages are opened by the `person` fixture, whose contexts record their own traces.
    trace: "off",
  },
  projects: [
    { name: "pictures", testMatch: PICTURES },
    { name: "stories", testMatch: "*.spec.ts", testIgnore: [PICTURES, ...MEASURED] },
    { name: "measured", testMatch: MEASURED, workers: 1, use: { measures: true } },
  ],
});
