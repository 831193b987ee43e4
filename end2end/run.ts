// Before and after all stories of a run.

import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import contact from "./contact.ts";
import { Server } from "./server.ts";

/** The database and what SQLite has not yet moved into it; not its index, nor the keys beside it. */
const DATABASE = /^rialto\.db(-wal)?$/;

/**
 * Makes the empty database that the servers of the stories begin with, so that its tables are made
 * once per run. Answers what is to be done after the stories.
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
