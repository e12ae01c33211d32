/** Packs the project and installs it the way a user does, from npm's cache where that has the dependencies. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./rig.ts";

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly devOptional?: boolean; readonly dependencies?: unknown; readonly bin?: unknown }>
  >;
}

export function runNpm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8", timeout: 120_000 });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with status ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Makes the tarball; gives its path. The command and the library must have been built. */
export function packProject(folder: string): string {
  runNpm(["pack", "--ignore-scripts", "--pack-destination", folder], ROOT);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
}

/** Installs the tarball into an empty folder, with the versions that the project's lock file names. */
export function installTarball(tarball: string, folder: string, args: readonly string[] = []): void {
  mkdirSync(folder, { recursive: true });
  const { version, dependencies, bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Readonly<Record<string, unknown>>;
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Lock;
  const users = { name: "user", version: "1.0.0", type: "module", dependencies: { tsbake: `file:${tarball}` } };
  const needed = Object.entries(packages).filter(([path, entry]) => path !== "" && entry.dev !== true && entry.devOptional !== true);
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const lock = {
    ...users,
    lockfileVersion: 3,
    requires: true,
    packages: { "": users, ...Object.fromEntries(needed), "node_modules/tsbake": { version, resolved: `file:${tarball}`, integrity, dependencies, bin } },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(users));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  runNpm(["ci", "--prefer-offline", "--no-audit", "--no-fund", ...args], folder);
}
