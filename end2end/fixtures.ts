// The fixtures of all tests: a server, people with a browser each, and automatic checks.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Browser, type BrowserContext, type Page, type TestInfo } from "@playwright/test";
import { Server, type Settings } from "./server.ts";

export { expect };

/** Viewport sizes. */
export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** The properties of a person's browser. */
export type Looks = {
  theme?: "dark" | "light";
  viewport?: { width: number; height: number };
  locale?: string;
  /** Without JavaScript, signing in and reading still work. */
  scripts?: boolean;
};

/** A person with their own browser. */
export class Person {
  /** Problems in their browser that were not allowed. */
  readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];
  private open = true;

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly traced: boolean,
  ) {}

  static async create(browser: Browser, name: string, url: string, looks: Looks, traced: boolean): Promise<Person> {
    const context = await browser.newContext({
      baseURL: url,
      colorScheme: looks.theme ?? "dark",
      viewport: looks.viewport ?? DESK,
      locale: looks.locale ?? "en-GB",
      timezoneId: "Europe/Berlin",
      javaScriptEnabled: looks.scripts ?? true,
    });
    if (traced) await context.tracing.start({ screenshots: true, snapshots: true });
    const person = new Person(name, context, await context.newPage(), traced);
    person.watch(person.page);
    // Chromium refuses to preload modules where scripts are disabled.
    if (looks.scripts === false) person.allow(/^request: csp GET .*\/(pkg|charts)\//);
    // Includes tabs that open later.
    context.on("page", (page) => page !== person.page && person.watch(page));
    return person;
  }

  /**
   * Allows problems that a test causes on purpose. Patterns are matched against lines such as
   * `console: ...`, `page: ...`, `response: 404 GET http://...`, `request: net::ERR_... GET
   * http://...`.
   */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Allows responses with this status, and the browser's messages about them. */
  allowStatus(status: number): void {
    this.allow(
      new RegExp(`^response: ${status} `),
      new RegExp(`^console: .*status of ${status} `),
      /^request: net::ERR_HTTP_RESPONSE_CODE_FAILURE/,
    );
  }

  /** Allows the browser's messages while its server is down or it is offline. */
  allowDisconnection(): void {
    this.allow(
      /^console: .*WebSocket (connection|is already in CLOSING)/,
      /^console: .*Failed to load resource: net::ERR_(CONNECTION|INTERNET|NETWORK|EMPTY|ABORTED)/,
      /^request: net::ERR_(CONNECTION|INTERNET|NETWORK|EMPTY|ABORTED)/,
    );
  }

  /** After a failure saves screenshots of the pages, or the trace. Closes the browser. */
  async leave(info?: TestInfo): Promise<void> {
    if (!this.open) return;
    this.open = false;
    if (this.traced) {
      await this.context.tracing.stop(info && { path: info.outputPath(`${this.name}.zip`) });
    } else if (info) {
      for (const [at, page] of this.context.pages().entries()) {
        const path = info.outputPath(`${this.name}-${at + 1}.png`);
        // A page that hangs has no screenshot; the failure is reported anyway.
        await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
      }
    }
    await this.context.close();
  }

  private watch(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error") {
        const place = message.location();
        this.note(`console: ${message.text()} (${place.url}:${place.lineNumber})`);
      }
    });
    page.on("pageerror", (error) => this.note(`page: ${error.stack ?? error.message}`));
    page.on("response", (answer) => {
      if (answer.status() >= 400) this.note(`response: ${answer.status()} ${answer.request().method()} ${answer.url()}`);
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "failed";
      // Leaving a page aborts its requests; that is not a problem.
      if (this.open && why !== "net::ERR_ABORTED") this.note(`request: ${why} ${request.method()} ${request.url()}`);
    });
  }

  private note(problem: string): void {
    if (!this.allowed.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }
}

type Fixtures = {
  /** Settings of the server, by `test.use({ settings: { RIALTO__...: "..." } })`. */
  settings: Settings;
  /** A healthy server with an empty data folder. */
  server: Server;
  /** Opens a browser for a person; problems in it fail the test. */
  person: (name: string, looks?: Looks) => Promise<Person>;
  /** True if the test measures time: it waits until no others run. */
  measures: boolean;
  /** Waits for its turn, if necessary. */
  turn: void;
};

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  measures: [false, { option: true }],

  turn: [
    async ({ measures }, use) => {
      const mine = join(RUNNING, String(process.pid));
      await mkdir(RUNNING, { recursive: true });
      // Measuring tests run one after the other at the end (playwright.config.ts), so no other test
      // starts while one of them waits or measures.
      if (measures) while (await othersRun()) await new Promise((done) => setTimeout(done, 200));
      else await writeFile(mine, "");
      try {
        await use();
      } finally {
        await rm(mine, { force: true });
      }
    },
    { auto: true, timeout: 600_000 },
  ],

  server: async ({ settings }, use, info) => {
    const server = await Server.create(settings);
    try {
      await server.start();
      await use(server);
    } finally {
      if (failed(info)) console.log(`--- the server's log ---\n${server.log}------------------------`);
      await server.remove();
    }
  },

  person: async ({ browser, server }, use, info) => {
    const people: Person[] = [];
    await use(async (name, looks = {}) => {
      // A trace is expensive, so only the retry of a failed test records one.
      const person = await Person.create(browser, name, server.url, looks, info.retry > 0);
      people.push(person);
      return person;
    });
    const problems = people.flatMap((person) => person.problems.map((problem) => `${person.name}: ${problem}`));
    const keep = failed(info) || problems.length > 0;
    for (const person of people) await person.leave(keep ? info : undefined);
    expect(problems, "nothing goes wrong in a browser unseen").toEqual([]);
  },
});

/**
 * Contains one file per worker that runs a test without time measurement, named by its process id.
 */
const RUNNING = join(process.env.RIALTO_RUN ?? tmpdir(), "running");

async function othersRun(): Promise<boolean> {
  const alive = (name: string) => {
    try {
      return process.kill(Number(name), 0);
    } catch {
      // A worker that died leaves its file.
      return false;
    }
  };
  return (await readdir(RUNNING)).some(alive);
}

function failed(info: TestInfo): boolean {
  return info.status !== info.expectedStatus;
}

/** Saves a screenshot to `shots/`, for manual review. */
export async function shot(page: Page, name: string): Promise<void> {
  const dir = join(import.meta.dirname, "shots");
  await mkdir(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`), animations: "disabled" });
}

/** Fails on violations of accessibility rules. */
export async function axe(page: Page, within = "html"): Promise<void> {
  expect(await violations(page, within), "no violation of accessibility rules").toEqual([]);
}

/** The rules of axe that depend on colors. */
export const COLORS = ["color-contrast", "link-in-text-block"];

/** Returns the accessibility violations, by all rules or by the given ones. */
export async function violations(page: Page, within = "html", rules?: string[]): Promise<string[]> {
  // The inside of the API viewer is third-party code. Legacy mode, because pages have no frames:
  // otherwise axe opens an extra page for each check to collect their results.
  const builder = new AxeBuilder({ page }).include(within).exclude("rapi-doc").setLegacyMode();
  const runOnly = rules && { type: "rule" as const, values: rules };
  const { violations } = await builder.options({ resultTypes: ["violations"], runOnly }).analyze();
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.target.join(" ")}\n${node.failureSummary ?? ""}`),
  );
}
