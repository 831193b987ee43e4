// Writes one page with all screenshots of shots/ side by side, for review.

import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

const SHOTS = join(import.meta.dirname, "shots");

export default async function contact(): Promise<void> {
  const files = (await readdir(SHOTS).catch(() => [])).filter((name) => name.endsWith(".png")).sort();
  if (files.length === 0) return;
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const [name = file] = file.split("--");
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const parts: string[] = [];
  for (const [name, of] of groups) {
    const figures: string[] = [];
    for (const file of of) {
      const label = file.replace(/^.*--|\.png$/g, "");
      // The modification time makes the browser load a new screenshot.
      const { mtimeMs } = await stat(join(SHOTS, file));
      figures.push(`<figure><a href="${file}"><img loading="lazy" src="${file}?${Math.round(mtimeMs)}" alt="${name}, ${label}"></a><figcaption>${label}</figcaption></figure>`);
    }
    parts.push(`<section id="${name}"><h2>${name}</h2><div>${figures.join("")}</div></section>`);
  }
  const links = [...groups.keys()].map((name) => `<a href="#${name}">${name}</a>`).join(" ");
  const style = "body{font:14px system-ui;margin:1rem;background:#777;color:#fff}nav a{color:#fff;margin-right:.7rem}div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}figure{margin:0}img{max-height:26rem;max-width:46vw;border:1px solid #333}";
  await writeFile(join(SHOTS, "index.html"), `<!doctype html><html lang="en"><meta charset="utf-8"><title>What it looks like</title><style>${style}</style><h1>${files.length} pictures</h1><nav>${links}</nav>${parts.join("")}`);
}
