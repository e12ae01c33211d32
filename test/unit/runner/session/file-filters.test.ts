import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileSync } from "../../../../src/runner/session/file-sync.ts";
import { DirectoryWalk } from "../../../../src/runner/session/directory-walk.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { receive } from "./fsutil-peer.ts";
import { engineFor, statusOf, temporaryDirectory } from "./rig.ts";

const files = [
  ".dockerignore",
  "Dockerfile",
  "README.md",
  "docs/guide.md",
  "docs/img/a.png",
  "node_modules/x/index.js",
  "src/a.go",
  "src/a_test.go",
  "src/deep/er/b.go",
  "src/deep/er/c.txt",
  "vendor/lib/d.go",
  "with space/é.txt",
];
const links: Readonly<Record<string, string>> = {
  current: "src/deep",
  abs: "/src/a.go",
  "up/out": "../../../src/a.go",
  loop: "loop/x",
  chain: "current/er/b.go",
};

function makeTree(): string {
  const root = temporaryDirectory();
  for (const path of [...files, ...Object.keys(links)]) mkdirSync(dirname(join(root, path)), { recursive: true });
  for (const path of files) writeFileSync(join(root, path), path);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  return root;
}

interface Filters {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly follow?: readonly string[];
}

/** Paths that a request with these filters gets, in the order they come. */
async function paths(root: string, { include = [], exclude = [], follow = [] }: Filters): Promise<readonly string[]> {
  const engine = await engineFor(fileSync({ mounts: new Map([["context", new DirectoryWalk(root)]]) }));
  const encode = (value: string): string => encodeURIComponent(value).replaceAll("%20", "+");
  const keys = { "include-patterns": include, "exclude-patterns": exclude, followpaths: follow };
  const metadata: Record<string, string | readonly string[]> = { "dir-name": "context" };
  for (const [key, values] of Object.entries(keys)) {
    if (values.length === 0) continue;
    metadata[key] = values.map(encode);
    metadata[`${key}-encoded`] = "1";
  }
  return (await receive(engine, { metadata, wanted: () => false })).stats.map(({ path }) => path);
}

const all = [
  ...[
    ".dockerignore",
    "Dockerfile",
    "README.md",
    "abs",
    "chain",
    "current",
    "docs",
    "docs/guide.md",
    "docs/img",
    "docs/img/a.png",
    "loop",
    "node_modules",
    "node_modules/x",
  ],
  ...[
    "node_modules/x/index.js",
    "src",
    "src/a.go",
    "src/a_test.go",
    "src/deep",
    "src/deep/er",
    "src/deep/er/b.go",
    "src/deep/er/c.txt",
    "up",
    "up/out",
    "vendor",
    "vendor/lib",
  ],
  ...["vendor/lib/d.go", "with space", "with space/é.txt"],
];
const without = (...gone: readonly string[]): readonly string[] => all.filter((path) => !gone.includes(path));

/** What the reference's walk gives for the same tree. */
const cases: readonly [title: string, filters: Filters, expected: readonly string[]][] = [
  ["everything, parents before children, names in byte order", {}, all],
  ["a plain pattern takes one path with its parents", { include: ["src/a.go"] }, ["src", "src/a.go"]],
  ["a directory takes what is below it", { include: ["docs"] }, ["docs", "docs/guide.md", "docs/img", "docs/img/a.png"]],
  ["a trailing slash and a dot make no difference", { include: ["./docs/"] }, ["docs", "docs/guide.md", "docs/img", "docs/img/a.png"]],
  ["* stays inside a name", { include: ["src/*.go"] }, ["src", "src/a.go", "src/a_test.go"]],
  ["? is one character", { include: ["src/a??est.go", "src/?.go"] }, ["src", "src/a.go", "src/a_test.go"]],
  [
    "** spans directories",
    { include: ["**/*.go"] },
    ["src", "src/a.go", "src/a_test.go", "src/deep", "src/deep/er", "src/deep/er/b.go", "vendor", "vendor/lib", "vendor/lib/d.go"],
  ],
  ["** in front of a plain name compares the end", { include: ["**/b.go"] }, ["src", "src/deep", "src/deep/er", "src/deep/er/b.go"]],
  ["** behind a directory takes what is below it", { include: ["src/deep/**"] }, ["src", "src/deep", "src/deep/er", "src/deep/er/b.go", "src/deep/er/c.txt"]],
  ["** in the middle may span nothing", { include: ["src/**/a.go"] }, ["src", "src/a.go"]],
  ["classes and ranges", { include: ["src/[a-c]*.go", "[^A-Za-z.]*"] }, ["src", "src/a.go", "src/a_test.go"]],
  ["an escaped character is plain", { include: ["with\\ space"] }, ["with space", "with space/é.txt"]],
  ["characters special to regular expressions are plain", { include: ["src/a.g+", "s.c/*", "src/(a).*"] }, []],
  ["a character beyond ASCII is one", { include: ["with space/?.txt"] }, ["with space", "with space/é.txt"]],
  [
    "excluded directories are left out whole",
    { exclude: ["node_modules", "docs"] },
    without("docs", "docs/guide.md", "docs/img", "docs/img/a.png", "node_modules", "node_modules/x", "node_modules/x/index.js"),
  ],
  ["an exception brings back one file with its parents", { exclude: ["docs", "!docs/img/a.png"] }, without("docs/guide.md")],
  ["the last pattern that matches counts", { exclude: ["*.md", "!README.md", "README.*"] }, without("README.md")],
  [
    "exceptions with wildcards are looked for everywhere",
    { exclude: ["**", "!**/*.go"] },
    ["src", "src/a.go", "src/a_test.go", "src/deep", "src/deep/er", "src/deep/er/b.go", "vendor", "vendor/lib", "vendor/lib/d.go"],
  ],
  [
    "an excluded parent counts for its children",
    { exclude: ["src", "!src/deep", "src/deep/er/c.txt"] },
    without("src/a.go", "src/a_test.go", "src/deep/er/c.txt"),
  ],
  ["all but one directory", { exclude: ["*", "!src/deep/er"] }, ["src", "src/deep", "src/deep/er", "src/deep/er/b.go", "src/deep/er/c.txt"]],
  [
    "include and exclude together",
    { include: ["src"], exclude: ["**/*_test.go"] },
    ["src", "src/a.go", "src/deep", "src/deep/er", "src/deep/er/b.go", "src/deep/er/c.txt"],
  ],
  ["white space around a pattern is not part of it", { exclude: ["  docs/img  ", "", " README.md"] }, without("README.md", "docs/img", "docs/img/a.png")],
  ["a rooted pattern names nothing", { exclude: ["/docs"] }, all],
  ["a path that is followed is included", { follow: ["Dockerfile", ".dockerignore", "missing"] }, [".dockerignore", "Dockerfile"]],
  ["links on the way are included with their target", { follow: ["current/er/b.go"] }, ["current", "src", "src/deep", "src/deep/er", "src/deep/er/b.go"]],
  ["a chain of links", { follow: ["chain"] }, ["chain", "current", "src", "src/deep", "src/deep/er", "src/deep/er/b.go"]],
  ["absolute targets start at the tree's root, and .. stays in it", { follow: ["abs", "up/out"] }, ["abs", "src", "src/a.go", "up", "up/out"]],
  ["wildcards follow the links they match", { follow: ["c*/er/b.go"] }, ["chain", "current", "src", "src/deep", "src/deep/er", "src/deep/er/b.go"]],
  ["a link through itself ends", { follow: ["loop"] }, ["loop"]],
  ["following the root means everything", { follow: ["."] }, all],
  ["a path above the root is none", { follow: ["..", "../src"] }, []],
  ["followed paths are subject to exclusion", { follow: ["src"], exclude: ["src/deep"] }, ["src", "src/a.go", "src/a_test.go"]],
];

describe("what a request gets", () => {
  test.each(cases)("%s", async (_title, filters, expected) => {
    expect(await paths(makeTree(), filters)).toEqual(expected);
  });

  test("several paths through one link are all followed", async () => {
    expect(await paths(makeTree(), { follow: ["current/er/b.go", "current/er/c.txt"] })).toEqual([
      "current",
      "src",
      "src/deep",
      "src/deep/er",
      "src/deep/er/b.go",
      "src/deep/er/c.txt",
    ]);
  });

  test("a name with a bar or braces is one name, not a choice", async () => {
    const root = makeTree();
    for (const name of ["a|b.x", "{c}.x", "b.x"]) writeFileSync(join(root, name), "");
    expect(await paths(root, { include: ["a|b.*", "{c}.*"] })).toEqual(["a|b.x", "{c}.x"]);
  });

  test("patterns that are not escaped for transport are taken as they are", async () => {
    const root = temporaryDirectory();
    for (const name of ["a%20b", "a b", "a+b"]) writeFileSync(join(root, name), "");
    const engine = await engineFor(fileSync({ mounts: new Map([["context", new DirectoryWalk(root)]]) }));
    const { stats } = await receive(engine, { metadata: { "dir-name": "context", "include-patterns": ["a%20b", "a+b"] } });
    expect(stats.map(({ path }) => path)).toEqual(["a%20b", "a+b"]);
  });
});

describe("patterns that cannot be", () => {
  test.each([
    ["!", 'illegal exclusion pattern: "!"'],
    ["a[", "syntax error in pattern: a["],
    ["[]a]", "syntax error in pattern: []a]"],
    ["[a-]", "syntax error in pattern: [a-]"],
    ["a\\", "syntax error in pattern: a\\"],
  ])("%j fails the request", async (pattern, message) => {
    expect(await statusOf(paths(makeTree(), { exclude: [pattern] }))).toEqual({ code: status.unknown, details: message });
  });

  test("a broken exception that nothing is compared with is no failure", async () => {
    expect(await paths(makeTree(), { exclude: ["!x/*/[", "none"] })).toEqual(all);
  });
});
