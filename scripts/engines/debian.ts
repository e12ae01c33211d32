/**
 * dockerd, a registry and busybox (and Go where it is needed) from Debian's packages, unpacked into the private folder without installing anything.
 * The engine itself comes from the next release, whose packages run on this one; what must fit the machine's kernel and
 * libraries (runc) comes from the machine's own release. The mirror is the one the machine's apt uses.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineLayout } from "./folder.ts";
import { runCommand, say, SetupError } from "./progress.ts";

/** The release that carries docker 28 with containerd 2. */
const ENGINE_SUITE = "forky";
const ENGINE_PACKAGES = ["docker.io", "containerd"];
const OWN_PACKAGES = [
  "runc",
  "busybox-static",
  "docker-registry",
  // What the programs above link to; a small machine may lack them.
  "libseccomp2",
  "libsystemd0",
];

/** Holds the keys of the next release too. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The name of the machine's Debian release; undefined on other systems. */
export function debianRelease(): string | undefined {
  if (!existsSync("/etc/debian_version") || !existsSync("/etc/os-release")) return undefined;
  const text = readFileSync("/etc/os-release", "utf8");
  return /^ID=debian$/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined;
}

/** Downloads and unpacks the engines' packages, unless they are there. */
export async function installDebianPackages(layout: EngineLayout, release: string): Promise<void> {
  const names = [...ENGINE_PACKAGES.map((name) => `${name}/${ENGINE_SUITE}`), ...OWN_PACKAGES.map((name) => `${name}/${release}`)];
  await install(layout, release, layout.packages, () => Promise.resolve(names));
}

/** Downloads and unpacks the Go compiler of the next release; gives its program. */
export async function installDebianGo(layout: EngineLayout, release: string): Promise<string> {
  await install(layout, release, layout.go, async (apt) => {
    const about = await runCommand("apt-cache", [...apt, "show", `golang-go/${ENGINE_SUITE}`]);
    const version = /^Depends:.*\bgolang-([\d.]+)-go\b/m.exec(about)?.[1];
    if (version === undefined) throw new SetupError(`${ENGINE_SUITE} has no Go compiler`);
    return [`golang-${version}-go/${ENGINE_SUITE}`, `golang-${version}-src/${ENGINE_SUITE}`];
  });
  const roots = join(layout.go, "usr/lib");
  return join(roots, readdirSync(roots).find((name) => name.startsWith("go-")) ?? "", "bin/go");
}

/** Unpacks packages into a folder that is complete when it holds the file `complete`. */
async function install(layout: EngineLayout, release: string, into: string, choose: (apt: readonly string[]) => Promise<readonly string[]>): Promise<void> {
  const stamp = join(into, "complete");
  if (existsSync(stamp)) return;
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const archives = join(layout.download, "archives");
  mkdirSync(join(layout.download, "lists/partial"), { recursive: true });
  mkdirSync(join(archives, "partial"), { recursive: true });
  const apt = await aptOptions(layout, release);
  say(`engines: reading the package lists of ${release} and ${ENGINE_SUITE}`);
  await runCommand("apt-get", [...apt, "update", "--error-on=any"]);
  const names = await choose(apt);
  say(`engines: downloading ${names.map((name) => name.replace(/\/.*/, "")).join(", ")}`);
  await runCommand("apt-get", [...apt, "download", ...names], { cwd: archives });
  const files = readdirSync(archives).filter((name) => name.endsWith(".deb"));
  for (const file of files) await runCommand("dpkg", ["-x", join(archives, file), into]);
  writeFileSync(stamp, `${files.join("\n")}\n`);
  rmSync(layout.download, { recursive: true, force: true });
}

/** Options that make apt use lists, archives and sources of our own and leave the machine's alone. */
async function aptOptions(layout: EngineLayout, release: string): Promise<readonly string[]> {
  const mirror = await debianMirror(release);
  const trust = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  const sources = join(layout.download, "sources.list");
  writeFileSync(sources, [release, ENGINE_SUITE].map((suite) => `deb ${trust}${mirror} ${suite} main\n`).join(""));
  const settings = {
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": join(layout.download, "lists"),
    "Dir::Cache": layout.download,
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::Retries": "3",
    // The folder belongs to this user alone, so apt's own user could not write there.
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** Where this machine gets its release from, whatever lists it has read so far. */
async function debianMirror(release: string): Promise<string> {
  const targets = await runCommand("apt-get", ["indextargets", "--no-release-info", "--format", "$(CREATED_BY) $(RELEASE) $(COMPONENT) $(SITE)"]);
  const suites = new Set([release, "stable", "oldstable"]);
  const lines = targets.split("\n").map((line) => line.split(" "));
  const mirror = lines.find(([kind, suite, part]) => kind === "Packages" && suites.has(suite ?? "") && part === "main")?.[3];
  if (mirror === undefined) throw new SetupError(`apt on this machine has no source for ${release}, from which the packages could be taken`);
  return mirror;
}
