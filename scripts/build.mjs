/**
 * Builds dist/: the command line as bundled CommonJS (a core and chunks that are loaded on demand) with its launcher, and the
 * library as ES modules with declarations. `--bin` builds the command line only.
 *
 * The command line is bundled twice. The first pass finds out, by esbuild's code splitting, which modules each `import()` of the
 * sources needs beyond the core. The second makes a flat CommonJS file of the core and one of each lazy chunk, in which `import()`
 * has become a lazy `require`; what chunks need of the core they take from its exports, so that no module exists twice.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/bin");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packages that stay outside: they read files beside themselves. */
const external = ["@cdktf/hcl2json"];
const common = { bundle: true, platform: "node", target: "node20", external, legalComments: "none", logLevel: "warning", absWorkingDir: root };

/** First pass: ES chunks in memory. Gives their texts and, for each, what it imports. */
async function split() {
  const result = await build({
    ...common,
    entryPoints: { main: "src/cli/main.ts" },
    format: "esm",
    splitting: true,
    // Numbers with a name become numbers: what is a constant in a file of its own costs nothing.
    minifySyntax: true,
    outdir: "dist/split",
    write: false,
    metafile: true,
    sourcemap: "inline",
    sourcesContent: false,
    chunkNames: "[name]-[hash]",
    define: { TSBAKE_VERSION: JSON.stringify(version) },
  });
  const texts = new Map(result.outputFiles.map((file) => [basename(file.path), file.text]));
  const imports = new Map();
  const inputs = new Map();
  const exported = new Map();
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const name = basename(path);
    inputs.set(name, Object.keys(output.inputs));
    exported.set(name, output.exports);
    imports.set(
      name,
      output.imports.filter((entry) => !entry.external).map((entry) => ({ name: basename(entry.path), lazy: entry.kind === "dynamic-import" })),
    );
  }
  return { texts, imports, inputs, exported };
}

/** The chunks that loading `start` loads. */
function staticClosure(start, imports) {
  const seen = new Set([start]);
  for (const name of seen) for (const entry of imports.get(name)) if (!entry.lazy) seen.add(entry.name);
  return seen;
}

/** Which file holds what: the core, and a file for each chunk that only lazy code needs. */
function arrange({ imports, inputs }) {
  const core = staticClosure("main.js", imports);
  const lazy = [...imports.keys()].filter((name) => !core.has(name));
  const shared = new Set();
  for (const name of lazy) for (const entry of imports.get(name)) if (core.has(entry.name)) shared.add(entry.name);
  for (const name of core) for (const entry of imports.get(name)) if (entry.lazy && core.has(entry.name)) shared.add(entry.name);
  const fileOf = new Map(lazy.map((name) => [name, `${name.slice(0, -3).toLowerCase()}.cjs`]));
  return { core, lazy, shared: [...shared].sort(), fileOf, inputs };
}

const exportName = (chunk) => `from_${chunk.replace(/\W/g, "_")}`;

/** A function of the core that gives what a chunk of it exports: to define hundreds of exports would cost each start its share. */
function exportsOf(chunk, names) {
  const own = (name) => `${exportName(chunk)}_${name}`;
  const imported = names.map((name) => `${name} as ${own(name)}`);
  const getters = names.map((name) => `get ${name}() { return ${own(name)}; }`);
  return `import { ${imported.join(", ")} } from "./${chunk}";\nexport const ${exportName(chunk)} = () => ({ ${getters.join(", ")} });`;
}

/** Second pass: one CommonJS file, in which chunks of other files are required. */
async function emit({ name, contents, inCore, file }, texts, plan) {
  const chunks = {
    name: "chunks",
    setup(pass) {
      pass.onResolve({ filter: /^\.\/.*\.js$/ }, (args) => {
        const target = basename(args.path);
        if (inCore && args.kind !== "dynamic-import" && plan.core.has(target)) return { path: target, namespace: "chunk" };
        if (plan.core.has(target)) return { path: target, namespace: "of-core" };
        return { path: `./${plan.fileOf.get(target)}`, external: true };
      });
      pass.onLoad({ filter: /.*/, namespace: "chunk" }, (args) => ({ contents: texts.get(args.path), loader: "js", resolveDir: out }));
      pass.onLoad({ filter: /.*/, namespace: "of-core" }, (args) => ({
        contents: `module.exports = require("./tsbake-core.cjs").${exportName(args.path)}();`,
        loader: "js",
        resolveDir: out,
      }));
      pass.onResolve({ filter: /^\.\/tsbake-core\.cjs$/ }, (args) => ({ path: args.path, external: true }));
    },
  };
  await build({
    ...common,
    stdin: { contents, loader: "js", resolveDir: out, sourcefile: name },
    format: "cjs",
    outfile: join(out, file),
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    supported: { "dynamic-import": false },
    // Only in branches for the library, which the bundle never takes.
    logOverride: { "empty-import-meta": "silent" },
    plugins: [chunks],
  });
}

async function buildCommandLine() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const pass = await split();
  const plan = arrange(pass);
  const coreText = ['export * from "./main.js";', ...plan.shared.map((name) => exportsOf(name, pass.exported.get(name)))].join("\n");
  await Promise.all([
    emit({ name: "core", contents: coreText, inCore: true, file: "tsbake-core.cjs" }, pass.texts, plan),
    ...plan.lazy.map((name) => emit({ name, contents: pass.texts.get(name), inCore: false, file: plan.fileOf.get(name) }, pass.texts, plan)),
  ]);
  const id = createHash("sha256");
  const files = ["tsbake-core.cjs", ...plan.fileOf.values()].sort();
  for (const file of files) id.update(readFileSync(join(out, file)));
  const launcher = await transform(readFileSync(join(root, "scripts/launcher.cjs"), "utf8"), {
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { BUILD_ID: JSON.stringify(id.digest("hex").slice(0, 16)) },
  });
  writeFileSync(join(out, "tsbake.cjs"), launcher.code);
  chmodSync(join(out, "tsbake.cjs"), 0o755);
  // What is in which file, for the test that watches the start-up path.
  const contents = { "tsbake-core.cjs": [...plan.core].flatMap((name) => plan.inputs.get(name)).sort() };
  for (const name of plan.lazy) contents[plan.fileOf.get(name)] = plan.inputs.get(name);
  writeFileSync(join(root, "dist/contents.json"), `${JSON.stringify(contents, undefined, 2)}\n`);
}

/** Dry runs that between them load what most dry runs load, the plainest first: an example, and texts on standard input. */
const REHEARSALS = [
  { folder: "examples/hello", args: ["--print"] },
  { folder: "examples/monorepo", args: ["--print"] },
  { folder: "examples", args: ["--print", "-f", "-"], input: '{ "target": { "default": { "args": { "A": "${upper(\\"a\\")}" } } } }' },
  { folder: "examples", args: ["--print", "-f", "-"], input: 'target "default" { args = { A = regex_replace("a", "b", "c"), B = base64encode("b") } }' },
];

/**
 * Compiled code beside the program, for the Node that builds it: so the first run of a user is as fast as the next ones. Of each
 * file it is the code of the first run that loads it: every function more would have to be read by all runs.
 */
function rehearse() {
  const to = join(out, "code");
  const kept = new Map();
  for (const { folder, args, input = "" } of REHEARSALS) {
    const home = mkdtempSync(join(tmpdir(), "tsbake-build-"));
    try {
      const options = { cwd: join(root, folder), env: { PATH: process.env.PATH, HOME: home }, input, stdio: ["pipe", "ignore", "inherit"] };
      execFileSync(process.execPath, [join(out, "tsbake.cjs"), ...args], options);
      const from = join(home, ".cache/tsbake/code");
      for (const name of readdirSync(from)) if (!kept.has(name)) kept.set(name, readFileSync(join(from, name)));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  mkdirSync(to);
  // Whoever may start the program may read them.
  for (const [name, bytes] of kept) writeFileSync(join(to, name), bytes);
}

function buildLibrary() {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
}

await buildCommandLine();
rehearse();
if (!process.argv.includes("--bin")) buildLibrary();
