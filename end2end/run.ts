// Runs before and after all tests.

import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import contact from "./contact.ts";
import { Server } from "./server.ts";

/** The database and SQLite's log; not the log's index, and not the key files beside it. */
const DATABASE = /^rialto\.db(-wal)?$/;

/**
 * Creates the empty database that the tests' servers copy, so that the migrations run once per test
 * run. Returns the cleanup.
 */
export default async function run(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "rialto-run-"));
  const template = join(folder, "template");
  const server = await Server.create({}, "");
  try {
    await server.start();
    await server.stop();
    for (const name of await readdir(server.data)) {
      if (DATABASE.test(name)) await cp(join(server.data, name), join(template, name));
    }
  } finally {
    await server.remove();
  }
  process.env.RIALTO_RUN = folder;
  process.env.RIALTO_TEMPLATE = template;
  return async () => {
    await rm(folder, { recursive: true, force: true });
    await contact();
  };
}
