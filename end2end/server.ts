// The real server, on a free port and with its own data folder.

import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Time limit for the server to start or stop, in milliseconds. */
const PATIENCE = 15_000;

/**
 * Settings of a server, as environment variables: `{ RIALTO__LIMITS__MESSAGES__COUNT: "1000" }`.
 */
export type Settings = Record<string, string>;

export class Server {
  /** The output of all its runs. */
  log = "";
  /** The built site that it serves from its next start. */
  site = needed("RIALTO_SITE");
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly settings: Settings,
  ) {}

  /**
   * Allocates a port and a folder; `start` starts it. The database is a copy of the empty one with
   * all tables (run.ts); the server creates its own keys.
   */
  static async create(settings: Settings = {}, template = process.env.RIALTO_TEMPLATE): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "rialto-end2end-"));
    if (template) await cp(template, data, { recursive: true });
    return new Server(await freePort(), data, settings);
  }

  /** Its address, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again on the same port and data, and waits until it is healthy. */
  async start(): Promise<void> {
    if (this.child) throw new Error("the server is running already");
    const args = ["serve", "--addr", `127.0.0.1:${this.port}`, "--data", this.data, "--site", this.site];
    const child = spawn(needed("RIALTO_BIN"), args, {
      cwd: this.data,
      env: { PATH: process.env.PATH, HOME: this.data, TZ: "UTC", ...this.settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    const note = (text: unknown) => (this.log += text);
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    child.on("error", note);
    child.on("exit", (code, signal) => {
      note(`[the server ended: ${signal ?? code}]\n`);
      if (this.child === child) this.child = undefined;
    });
    const end = Date.now() + PATIENCE;
    while (!(await this.healthy())) {
      if (this.child !== child) throw new Error(`the server did not start:\n${this.log}`);
      if (Date.now() > end) throw new Error(`the server does not answer:\n${this.log}`);
      await new Promise((done) => setTimeout(done, 30));
    }
  }

  /** Sends SIGTERM and waits until it has stopped. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Kills it, like a power failure. */
  async kill9(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Kills it and removes its data. */
  async remove(): Promise<void> {
    await this.kill9();
    await rm(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child) return;
    const gone = new Promise<void>((done) => child.once("exit", () => done()));
    child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`the server goes on after ${signal}:\n${this.log}`)), PATIENCE);
    });
    await Promise.race([gone, late]).finally(() => clearTimeout(timer));
  }

  private async healthy(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(2_000) });
      return answer.status === 200;
    } catch {
      return false;
    }
  }
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test\``);
  return value;
}

/** Returns a free port. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("no port"))));
    });
  });
}
