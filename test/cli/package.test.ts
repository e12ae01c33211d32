/** The package as published: packed, installed in an empty folder, used as a command and as a typed library. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installTarball, packProject } from "./install.ts";
import { expectSuccess, ROOT, type Run, start, temporaryFolder } from "./rig.ts";

const DEFINITION = 'target "default" {\n  args = { v = upper("x") }\n}\n';

const LIBRARY_USER = `
import { BakeError, type Diagnostic, formatDiagnostic, load, nodeHost, resolve, type Result, type ResolvedTargets } from "tsbake";

const host = nodeHost();
const loaded = await load({ files: ["docker-bake.hcl"] }, { host });
if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join("\\n"));
const resolved: Result<ResolvedTargets> = resolve(loaded.value, { targets: ["default"] }, { host });
const problems: readonly Diagnostic[] = resolved.diagnostics;
console.log(JSON.stringify({ ok: resolved.ok, problems: problems.length, error: new BakeError("x", "y").name }));
`;

/** An empty folder with the package installed and a definition in it. */
function install(args: readonly string[]): string {
  const folder = temporaryFolder();
  const cwd = join(folder, "user");
  installTarball(packProject(folder), cwd, args);
  writeFileSync(join(cwd, "docker-bake.hcl"), DEFINITION);
  return cwd;
}

const npx = (args: readonly string[], cwd: string): Promise<Run> =>
  start(["npx", "--no-install", "tsbake", ...args], { cwd, env: { HOME: process.env["HOME"] ?? cwd }, timeout: 120_000 }).done;

test("installed without scripts, it runs by npx", { timeout: 240_000 }, async () => {
  const cwd = install(["--ignore-scripts"]);
  const printed = expectSuccess(await npx(["--print"], cwd));
  expect(JSON.parse(printed.stdout)).toMatchObject({ target: { default: { args: { v: "X" } } } });
});

test("installed as usual, it runs by npx, and its library is imported with types", { timeout: 240_000 }, async () => {
  const cwd = install([]);
  const printed = expectSuccess(await npx(["--print"], cwd));
  expect(JSON.parse(printed.stdout)).toMatchObject({ target: { default: { args: { v: "X" } } } });

  // hcl2json stays outside the bundle, because it reads a file beside itself.
  const converted = expectSuccess(await npx(["convert", "docker-bake.hcl"], cwd));
  expect(JSON.parse(converted.stdout)).toMatchObject({ target: expect.anything() as unknown });

  writeFileSync(join(cwd, "use.mts"), LIBRARY_USER);
  expectSuccess(await compile(cwd));
  const used = expectSuccess(await start([process.execPath, "use.mjs"], { cwd }).done);
  expect(JSON.parse(used.stdout)).toEqual({ ok: true, problems: 0, error: "BakeError" });
});

test("holds what it needs and nothing else", () => {
  const { files, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly files: readonly string[]; readonly exports: object };
  expect(files).not.toContain("src");
  expect(Object.keys(exports)).toEqual([".", "./schema/*.json", "./package.json"]);
});

/** Compiles `use.mts` strictly against the installed package. */
function compile(cwd: string): Promise<Run> {
  const types = join(ROOT, "node_modules/@types");
  const flags = [
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--typeRoots",
    types,
    "--types",
    "node",
  ];
  return start([process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), ...flags, "use.mts"], { cwd }).done;
}
