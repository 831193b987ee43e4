import { defineConfig } from "@playwright/test";

/** Screenshots in both themes and all sizes: the slowest tests, so they start first. */
const PICTURES = "*-eyes.spec.ts";
/** Tests that measure time: they run alone, after all others (fixtures.ts). */
const MEASURED = ["*-lighthouse.spec.ts", "*-speed.spec.ts"];

// Each test starts its own server (fixtures.ts); run.ts creates the database that they copy.
export default defineConfig<{ measures: boolean }>({
  testDir: ".",
  outputDir: "results",
  globalSetup: "./run.ts",
  fullyParallel: true,
  // Tests mostly wait: for a browser, a server, a clock.
  workers: Number(process.env.RIALTO_STORIES ?? 3),
  // The retry records a trace. It does not hide failures: the run lists tests that needed it.
  retries: 1,
  forbidOnly: true,
  // Long enough for a busy machine; stricter limits are in the tests.
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
    // The `person` fixture opens pages, and its contexts record their own traces.
    trace: "off",
  },
  projects: [
    { name: "pictures", testMatch: PICTURES },
    { name: "stories", testMatch: "*.spec.ts", testIgnore: [PICTURES, ...MEASURED] },
    { name: "measured", testMatch: MEASURED, workers: 1, use: { measures: true } },
  ],
});
