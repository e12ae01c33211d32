/** Compiled code: the build leaves some, the user's cache folder gets more after the second run; harmless when it cannot be kept. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectSuccess, project, temporaryFolder, tsbake } from "./rig.ts";

const cwd = (): string => project({ "docker-bake.hcl": 'target "default" {}\n' });
const withCache = (HOME: string): Readonly<Record<string, string>> => ({ HOME, TSBAKE_NO_CODE_CACHE: "" });

test("is written to an owner-only folder by the second run and used again", async () => {
  const home = temporaryFolder();
  const options = { cwd: cwd(), env: withCache(home) };
  const first = expectSuccess(await tsbake(["--print"], options));
  const folder = join(home, ".cache/tsbake/code");
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  expectSuccess(await tsbake(["--print"], options));
  expect(readdirSync(folder).filter((name) => name.endsWith("tsbake-core.cjs"))).toHaveLength(1);
  expect(expectSuccess(await tsbake(["--print"], options)).stdout).toBe(first.stdout);
});

test("is good for the next run after a big definition too, which runs under other settings", async () => {
  const home = temporaryFolder();
  const blocks = Array.from({ length: 500 }, (_, index) => `target "service-${index}" {\n  args = { NAME = upper("service-${index}") }\n}\n`);
  const options = { cwd: project({ "docker-bake.hcl": blocks.join("") }), env: withCache(home) };
  const folder = join(home, ".cache/tsbake/code");
  // The first byte counts how often a file was written on top of one that was accepted.
  for (const count of [undefined, 1, 2, 3]) {
    expectSuccess(await tsbake(["--print", "service-1"], options));
    const core = readdirSync(folder).filter((name) => name.endsWith("tsbake-core.cjs"));
    expect(core.map((name) => readFileSync(join(folder, name))[0])).toEqual(count === undefined ? [] : [count]);
  }
});

test("is not written when a variable says so", async () => {
  const home = temporaryFolder();
  expectSuccess(await tsbake(["--print"], { cwd: cwd(), env: { HOME: home, TSBAKE_NO_CODE_CACHE: "1" } }));
  expect(existsSync(join(home, ".cache"))).toBe(false);
});

test("a damaged file is ignored", async () => {
  const home = temporaryFolder();
  const options = { cwd: cwd(), env: withCache(home) };
  const first = expectSuccess(await tsbake(["--print"], options));
  expectSuccess(await tsbake(["--print"], options));
  const folder = join(home, ".cache/tsbake/code");
  expect(readdirSync(folder)).not.toEqual([]);
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(100)]));
  }
  expect(expectSuccess(await tsbake(["--print"], options)).stdout).toBe(first.stdout);
});

test("a folder that others may write to is not trusted, and one that cannot be made is silent", async () => {
  const open = temporaryFolder();
  mkdirSync(join(open, ".cache/tsbake/code"), { recursive: true });
  chmodSync(join(open, ".cache/tsbake/code"), 0o777);
  expect(expectSuccess(await tsbake(["--print"], { cwd: cwd(), env: withCache(open) })).stderr).toBe("");

  const blocked = temporaryFolder();
  symlinkSync("/dev/null", join(blocked, ".cache"));
  expect(expectSuccess(await tsbake(["--print"], { cwd: cwd(), env: withCache(blocked) })).stderr).toBe("");
});

test("what other builds left goes when it was not used for two days", async () => {
  const home = temporaryFolder();
  const folder = join(home, ".cache/tsbake/code");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const other = "0123456789abcdef-v20.0.0-x64-0-tsbake-core.cjs";
  const days = (count: number): Date => new Date(Date.now() - count * 86_400_000);
  for (const [name, age] of [
    [other, 3],
    [`${other}.123.tmp`, 3],
    [other.replace("v20", "v24"), 1],
    ["notes.txt", 3],
  ] as const) {
    writeFileSync(join(folder, name), "");
    utimesSync(join(folder, name), days(age), days(age));
  }
  expectSuccess(await tsbake(["--print"], { cwd: cwd(), env: withCache(home) }));
  const left = readdirSync(folder);
  expect(left.filter((name) => name.startsWith("0123") || name === "notes.txt").sort()).toEqual([other.replace("v20", "v24"), "notes.txt"]);
  expect(left.some((name) => name.endsWith("tsbake-core.cjs") && !name.startsWith("0123"))).toBe(true);
});
