// Before and after all stories of a run.

import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import contact from "./contact.ts";
import { DATABASE, Server } from "./server.ts";

/**
 * Makes the empty database that the servers of the stories begin with, so that its tables are made
 * once per run. Answers what is to be done after the stories.
 */
export default async function run(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "rialto-run-"));
  const server = await Server.create({}, "");
  try {
    await server.start();
    await server.stop();
    const left = (await readdir(server.data)).filter((name) => name.startsWith(DATABASE));
    if (left.length !== 1) throw new Error(`the server left more than its database: ${left.join(" ")}`);
    await copyFile(join(server.data, DATABASE), join(folder, DATABASE));
  } finally {
    await server.remove();
  }
  process.env.RIALTO_TEMPLATE = join(folder, DATABASE);
  process.env.RIALTO_RUN = folder;
  return async () => {
    await rm(folder, { recursive: true, force: true });
    await contact();
  };
}
