/**
 * Generates src/runner/buildkit/wire/ from src/runner/buildkit/proto/ with buf and ts-proto, offline.
 * `--check` generates into a temporary folder and fails when the checked-in files differ.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const protos = join(root, "src/runner/buildkit/proto");
const wire = join(root, "src/runner/buildkit/wire");

const options = [
  "esModuleInterop=true",
  "forceLong=bigint",
  "importSuffix=.ts",
  "oneof=unions-value",
  "outputJsonMethods=false",
  "outputServices=none",
  "useDate=false",
  "useExactTypes=false",
];

/** Generates into `out` and gives the names of the files. */
function generate(out) {
  const work = mkdtempSync(join(tmpdir(), "tsbake-proto-"));
  try {
    const template = {
      version: "v2",
      plugins: [{ local: join(root, "node_modules/.bin/protoc-gen-ts_proto"), out, opt: options }],
    };
    writeFileSync(join(work, "buf.gen.yaml"), JSON.stringify(template));
    execFileSync(join(root, "node_modules/.bin/buf"), ["generate", protos, "--template", join(work, "buf.gen.yaml")], { cwd: work, stdio: "inherit" });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const texts = (directory) =>
  new Map(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );

/** Generated TypeScript, with what our compiler settings ask for. */
function adjust(directory) {
  for (const [name, text] of texts(directory)) writeFileSync(join(directory, name), text.replace(/^\/\/ (?:versions:|  protoc).*\n/gm, ""));
}

if (process.argv.includes("--check")) {
  const fresh = mkdtempSync(join(tmpdir(), "tsbake-wire-"));
  try {
    generate(fresh);
    adjust(fresh);
    const [have, want] = [texts(wire), texts(fresh)];
    const stale = [...new Set([...have.keys(), ...want.keys()])].filter((name) => have.get(name) !== want.get(name));
    if (stale.length > 0) {
      console.error(`src/runner/buildkit/wire is not what the .proto files generate: ${stale.join(", ")}. Run: node scripts/gen-proto.mjs`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
} else {
  rmSync(wire, { recursive: true, force: true });
  generate(wire);
  adjust(wire);
}
