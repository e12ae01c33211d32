/**
 * Git facts of build contexts (spec/buildkit.md 7.4): commit, remote and work tree, asked of the `git`
 * program, once for each repository. Without git, or outside a work tree, there are none.
 */
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import type { Host } from "../host.ts";
import type { GitFacts } from "../planner/facts.ts";

/** Facts by directory. Failures leave a directory out. */
export async function readGitFacts(directories: readonly string[], host: Host): Promise<ReadonlyMap<string, GitFacts>> {
  const roots = new Map<string, Promise<GitFacts | undefined>>();
  const found = new Map<string, GitFacts>();
  await Promise.all(
    directories.map(async (directory) => {
      const root = workTreeOf(directory, host);
      if (root === undefined) return;
      let facts = roots.get(root);
      if (!facts) {
        facts = readRepository(root, host);
        roots.set(root, facts);
      }
      const known = await facts;
      if (known) found.set(directory, known);
    }),
  );
  return found;
}

/** The nearest directory upwards that holds `.git`. */
function workTreeOf(directory: string, host: Host): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (host.stat(`${at}/.git`) !== undefined) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function readRepository(root: string, host: Host): Promise<GitFacts | undefined> {
  const git = (...args: readonly string[]): Promise<string | undefined> => run(["-C", root, ...args], host);
  const top = await git("rev-parse", "--show-toplevel");
  if (top === undefined) return undefined;
  const [head, branch, dirty] = await Promise.all([
    git("rev-parse", "HEAD"),
    git("symbolic-ref", "-q", "HEAD"),
    isTrue(host.env["BUILDX_GIT_CHECK_DIRTY"]) ? git("status", "--porcelain", "--ignored") : Promise.resolve(""),
  ]);
  const tracked = branch === undefined ? undefined : await git("for-each-ref", "--format=%(upstream:remotename)", branch);
  const source = await firstRemote([tracked ?? "", "origin", "upstream"], git);
  const revision = head === undefined || dirty === undefined || dirty === "" ? head : `${head}-dirty`;
  return { root: top, ...(revision === undefined ? {} : { revision }), ...(source === undefined ? {} : { source }) };
}

async function firstRemote(names: readonly string[], git: (...args: readonly string[]) => Promise<string | undefined>): Promise<string | undefined> {
  for (const name of names) {
    const url = name === "" ? undefined : await git("remote", "get-url", name);
    if (url) return withoutCredentials(url);
  }
  return undefined;
}

/** Replaces user and password of a URL, as the reference does; the short form `git@host:path` holds no secret. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/]*)@/i, (_all, scheme: string, user: string) => `${scheme}xxxxx${user.includes(":") ? ":xxxxx" : ""}@`);
}

const isTrue = (text: string | undefined): boolean => /^(1|t|T|TRUE|true|True)$/.test(text ?? "");

function run(args: readonly string[], host: Host): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...host.env, GIT_OPTIONAL_LOCKS: "0" };
    execFile("git", [...args], { env, maxBuffer: 64 * 1024 * 1024, windowsHide: true }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}
