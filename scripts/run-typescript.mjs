/**
 * Runs a script written in TypeScript: `node scripts/run-typescript.mjs FILE [ARGUMENT...]`. Node 20 cannot strip types, so the
 * script is bundled first (milliseconds) and then imported. The working directory is the project's root from then on.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Bundles and runs `file`, a path from the root; it finds its arguments in process.argv as usual. */
export async function runTypeScript(file) {
  const { build } = await importEsbuild();
  const name = file.replace(/\.ts$/, "").replaceAll("/", "-");
  const outfile = join(root, "node_modules/.cache/tsbake-scripts", `${name}-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
  process.chdir(root);
  const { rmSync } = await import("node:fs");
  process.on("exit", () => rmSync(outfile, { force: true }));
  await import(pathToFileURL(outfile).href);
}

async function importEsbuild() {
  try {
    return await import("esbuild");
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write("The project's packages are not installed yet: run `npm ci` first.\n");
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.splice(2, 1);
  await runTypeScript(file);
}
