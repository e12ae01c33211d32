import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Host } from "../../../src/host.ts";
import { archiveKind } from "../../../src/runner/archive-kind.ts";
import { tarArchive } from "../../../src/runner/engine/tar.ts";
import { contextCredentials } from "../../../src/runner/git-credentials.ts";
import { parseGitUrl } from "../../../src/runner/git-url.ts";

describe("git URLs", () => {
  test.each([
    ["https://example.com/a/b.git", "https://example.com/a/b.git", "example.com/a/b.git", false],
    ["https://example.com/a/b.git#main:sub", "https://example.com/a/b.git", "example.com/a/b.git#main:sub", false],
    ["https://me:secret@example.com/a.git#v1", "https://me:secret@example.com/a.git", "example.com/a.git#v1", false],
    ["https://example.com/a.git?branch=main&subdir=/x", "https://example.com/a.git", "example.com/a.git#refs/heads/main:x", false],
    ["https://example.com/a.git?tag=v1", "https://example.com/a.git", "example.com/a.git#refs/tags/v1", false],
    ["git://example.com/a#:sub", "git://example.com/a", "example.com/a#:sub", false],
    ["git@example.com:a/b.git#main", "git@example.com:a/b.git", "example.com/a/b.git#main", true],
    ["ssh://git@example.com:22/a/b", "ssh://git@example.com:22/a/b", "example.com:22/a/b", true],
    ["github.com/a/b", "https://github.com/a/b", "github.com/a/b", false],
  ])("%s", (url, remote, identifier, ssh) => {
    expect(parseGitUrl(url)).toMatchObject({ remote, identifier, ssh });
  });

  test("an http URL of something else is none", () => {
    expect(parseGitUrl("https://example.com/docker-bake.hcl")).toBeUndefined();
  });

  test("a query says more than a fragment can", () => {
    expect(parseGitUrl("https://example.com/a.git?checksum=abc&keep-git-dir&submodules=0&mtime=commit&fetch-by-commit=true")).toMatchObject({
      checksum: "abc",
      keepGitDirectory: true,
      submodules: false,
      mtime: "commit",
      fetchByCommit: true,
    });
    expect(parseGitUrl("https://example.com/a.git?tag=refs/tags/v1#refs/tags/v1")?.identifier).toBe("example.com/a.git#refs/tags/v1");
  });

  test.each([
    ["what=x", 'unexpected query "what"'],
    ["ref=a&ref=b", 'query "ref" has multiple values'],
    ["ref=", 'query "ref" has no value'],
    ["ref=a#b", 'ref conflicts: "b" vs "a"'],
    ["tag=a&branch=b", "branch conflicts with tag"],
    ["tag=a#b", 'ref conflicts: "b" vs "refs/tags/a"'],
    ["subdir=x#:y", 'subdir conflicts: "y" vs "x"'],
    ["submodules=maybe", 'invalid submodules value: "maybe"'],
    ["mtime=now", 'invalid mtime value: "now" (must be "checkout" or "commit")'],
  ])("?%s is an error", (query, message) => {
    const url = `https://example.com/a.git?${query}`;
    expect(() => parseGitUrl(url)).toThrow(`${message} in ${url}`);
  });
});

describe("credentials for git", () => {
  const host = { env: { BUILDX_BAKE_GIT_AUTH_TOKEN: "t", buildx_bake_git_auth_header: "h" } } as unknown as Host;
  const both = (name: string): object[] => [
    { id: `GIT_AUTH_TOKEN.${name}`, env: "BUILDX_BAKE_GIT_AUTH_TOKEN" },
    { id: `GIT_AUTH_HEADER.${name}`, env: "buildx_bake_git_auth_header" },
  ];

  test.each([
    ["https://example.com/a.git#main:sub", "https://me@example.com/b.git", "example.com"],
    ["git@example.com:a.git", "https://EXAMPLE.com/context.tar", "example.com"],
    ["github.com/a/b", "https://github.com/c/d.git", "github.com"],
    ["https://example.com:8080/a.git", "ssh://git@example.com:8080/b", "example.com:8080"],
  ])("of a definition at %s are for a context at %s", (definition, context, name) => {
    expect(contextCredentials(context, definition, host)).toEqual(both(name));
    expect(contextCredentials(context, definition, { env: { BUILDX_BAKE_GIT_AUTH_TOKEN: "" } } as unknown as Host)).toEqual([]);
  });

  test.each(["https://example.com.evil.test/a.git", "https://example.com:444/a.git", "https://example.com@evil.test/a.git", "dir/example.com", "cwd://x"])(
    "are not for a context at %s",
    (context) => {
      expect(contextCredentials(context, "https://example.com/a.git", host)).toEqual([]);
    },
  );
});

describe("archives are told by their start", () => {
  const tar = tarArchive([{ name: "file", data: Buffer.from("text") }]);

  test.each([
    ["tar", tar, "tar"],
    ["gzip", gzipSync(tar), "gzip"],
    ["bzip2", Buffer.from("BZh9"), "bzip2"],
    ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), "xz"],
    ["a definition", Buffer.from('target "default" {}\n'.repeat(50)), undefined],
    ["nothing", Buffer.alloc(0), undefined],
    ["zeros", Buffer.alloc(1024), undefined],
  ])("%s", (_what, bytes, kind) => {
    expect(archiveKind(bytes)).toBe(kind);
  });

  test("a tar header whose sum is wrong is none", () => {
    const broken = Buffer.from(tar);
    broken[0] = 0x7a;
    expect(archiveKind(broken)).toBeUndefined();
  });
});
