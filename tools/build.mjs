// Builds what the browser loads (static/dist), the layout engine that the server runs (webapp/graph/engine/viz.js, never
// served) and the fonts of PNG pictures (webapp/graph/fonts). Called by tools/assets.py; `npm run build` does the same.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { unwrapWoff } from "./woff.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "static", "dist");
const engine = join(root, "webapp", "graph", "engine", "viz.js");
const fonts = join(root, "webapp", "graph", "fonts");
const WEIGHTS = [400, 600];

const shared = { absWorkingDir: root, bundle: true, minify: true, target: "es2022", metafile: true, logLevel: "warning" };

/** The page's modules; what they share is split off into chunks named by content. */
function buildPage() {
  return build({
    ...shared,
    entryPoints: { start: "static/src/start.js", workspace: "static/src/workspace.js", page: "static/src/page.js" },
    outdir: dist,
    splitting: true,
    format: "esm",
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "linked",
  });
}

/** The font as a style sheet; its files are named by content, so browsers may keep them for good. */
function buildFonts() {
  const assets = { loader: { ".woff2": "file" }, assetNames: "chunks/[name]-[hash]" };
  return build({ ...shared, ...assets, entryPoints: ["static/src/fonts.css"], outdir: dist });
}

/** The same font for PNG pictures, in the form that the rasterizer reads. */
async function writeFonts() {
  await rm(fonts, { recursive: true, force: true });
  await mkdir(fonts, { recursive: true });
  for (const weight of WEIGHTS) {
    const packed = await readFile(join(root, `node_modules/@fontsource/inter/files/inter-latin-${weight}-normal.woff`));
    await writeFile(join(fonts, `inter-${weight}.ttf`), unwrapWoff(packed));
  }
}

/** The theme is chosen before the first paint, so this one script is classic and blocks. */
function buildTheme() {
  return build({ ...shared, entryPoints: ["static/src/theme.js"], outdir: dist, format: "iife" });
}

/** One file with one global, VizLib, for an engine that knows no modules. */
function buildLayoutEngine() {
  return build({
    ...shared,
    entryPoints: ["@viz-js/viz"],
    outfile: engine,
    format: "iife",
    globalName: "VizLib",
    legalComments: "none",
  });
}

/** Package folders that went into the bundles: `node_modules/NAME` of every input. */
function packagesOf(results) {
  const folders = new Set();
  for (const { metafile } of results) {
    for (const input of Object.keys(metafile.inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found) folders.add(found[1]);
    }
  }
  return [...folders].sort();
}

/** Name, version, licence and licence text of one package; the text is empty if it ships none. */
async function readPackage(folder) {
  const meta = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
  const names = (await readdir(join(root, folder))).filter((name) => /^(licen[sc]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(root, folder, name), "utf8")));
  return { name: meta.name, version: meta.version, licence: meta.license, text: texts.join("\n").trim() };
}

/** Where the sources of the WebAssembly inside the layout engine can be had (EPL-2.0, section 3.1). */
async function engineSources() {
  const provenance = JSON.parse(await readFile(join(root, "node_modules/@viz-js/viz/lib/provenance.json"), "utf8"));
  return provenance.predicate.buildDefinition.resolvedDependencies
    .map((item) => item.uri)
    .filter((uri) => /graphviz|expat/.test(uri));
}

/** All notices of third parties in one file, served beside the page and shipped in the wheel. */
async function writeNotices(results) {
  const rule = "=".repeat(78);
  const packages = await Promise.all(packagesOf(results).map(readPackage));
  const parts = ["Third-party software in netpolmap's page, pictures and layout engine\n"];
  for (const item of packages) {
    if (item.name === "@viz-js/viz") continue;
    if (!item.text) throw new Error(`${item.name} ships no licence text: add it under tools/notices`);
    parts.push(`${rule}\n${item.name} ${item.version} (${item.licence})\n${rule}\n\n${item.text}\n`);
  }
  const viz = packages.find((item) => item.name === "@viz-js/viz");
  const notices = join(root, "tools", "notices");
  parts.push(`${rule}\n@viz-js/viz ${viz.version} (MIT), with Graphviz (EPL-2.0) and Expat (MIT)\n${rule}\n`);
  parts.push(await readFile(join(notices, "layout-engine.txt"), "utf8"));
  parts.push(await readFile(join(notices, "EPL-2.0.txt"), "utf8"));
  parts.push(`Sources\n\n${(await engineSources()).map((uri) => `  ${uri}`).join("\n")}\n  https://github.com/mdaines/viz-js\n`);
  await writeFile(join(dist, "THIRD_PARTY_LICENSES.txt"), parts.join("\n"));
}

/** One short hash of everything the page loads, for addresses that change when it changes. */
async function writeVersion(results) {
  const hash = createHash("sha256");
  const outputs = results.flatMap(({ metafile }) => Object.keys(metafile.outputs)).filter((name) => name.endsWith(".js"));
  for (const name of outputs.sort()) hash.update(await readFile(join(root, name)));
  await writeFile(join(dist, "version.txt"), `${hash.digest("hex").slice(0, 12)}\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dirname(engine), { recursive: true });
const results = await Promise.all([buildPage(), buildFonts(), buildTheme(), buildLayoutEngine()]);
await writeFonts();
await writeNotices(results);
await writeVersion(results);
