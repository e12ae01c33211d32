/**
 * Makes src/runner/report/template.ts, the page of `--report FILE.html`, from src/runner/report/page/: one HTML text with the
 * bundled script and the style in it, and a content security policy that allows these two and nothing else.
 * `--check` writes nothing and fails when the file is stale.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const folder = fileURLToPath(new URL("../src/runner/report/", import.meta.url));
const options = { minify: true, target: "es2022", charset: "utf8", legalComments: "none" };

const bundled = await build({ ...options, entryPoints: [`${folder}page/main.ts`], bundle: true, format: "iife", write: false, logLevel: "warning" });
const script = bundled.outputFiles[0].text.trim();
const { code } = await transform(readFileSync(`${folder}page/page.css`, "utf8"), { minify: true, loader: "css", charset: "utf8" });
const style = code.trim();
if (/<\/script|<!--/i.test(script)) throw new Error("the script would end its own element");

const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const parts = { "STYLE-HASH": hash(style), "SCRIPT-HASH": hash(script), "/*STYLE*/": style, "/*SCRIPT*/": script };
const page = Object.entries(parts).reduce((text, [mark, part]) => text.replace(mark, () => part), readFileSync(`${folder}page/page.html`, "utf8"));

const text = `// Generated from page/ by scripts/gen-report.mjs. Do not edit.\n\n/** The page without its data. */\nexport const TEMPLATE: string =\n  ${JSON.stringify(page)};\n`;
const path = `${folder}template.ts`;
if (process.argv.includes("--check")) {
  let old = "";
  try {
    old = readFileSync(path, "utf8");
  } catch {
    // Reported below as stale.
  }
  if (old !== text) {
    console.error("src/runner/report/template.ts is stale");
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, text);
}
