// Bundles echarts.js into one module, with the notice that its licence asks for.

import { build } from "esbuild";
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("node_modules/echarts/package.json", "utf8"));
const notice = [
  `Apache ECharts ${version}, (c) The Apache Software Foundation, Apache License 2.0.`,
  "With zrender, (c) Baidu Inc., BSD 3-Clause License, and tslib, (c) Microsoft, 0BSD.",
  "A part of it, bundled by xtask/charts. The licences are in NOTICE.",
];

await build({
  entryPoints: ["echarts.js"],
  outfile: "../../public/charts/echarts.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: `/*\n${notice.join("\n")}\n*/` },
});
