/** Which policy sets a target ends up with (spec/bake.md 11.6). */
import { describe, expect, test } from "vitest";
import { policySets, type PolicySet } from "../../../src/bake/policy.ts";
import { type FakeHost, fakeHost, run } from "./rig.ts";

function sets(policy: readonly string[], host: FakeHost = {}, disablePolicy = false): readonly PolicySet[] | string {
  const resolved = run({ target: { default: { policy } } }, { host, disablePolicy });
  if (!resolved.ok) return resolved.diagnostics[0]?.summary ?? "";
  const target = resolved.value.targets.get("default");
  if (!target) return "no target";
  const result = policySets(target, fakeHost(host));
  return result.ok ? result.value : (result.diagnostics[0]?.summary ?? "");
}

const beside = { files: { "/w/Dockerfile.rego": "package docker" } };

describe("policy sets", () => {
  test("a file beside the Dockerfile comes first", () => {
    expect(sets([])).toEqual([]);
    expect(sets([], beside)).toEqual([{ files: ["Dockerfile.rego"] }]);
    expect(sets(["filename=a.rego"], beside)).toEqual([{ files: ["Dockerfile.rego"] }, { files: ["a.rego"] }]);
  });
  test("a file that may lie in a remote context is looked for when it is built", () => {
    const of = (target: object): unknown => {
      const resolved = run({ target: { default: target as never } }, { host: beside });
      const found = resolved.ok ? resolved.value.targets.get("default") : undefined;
      return found && policySets(found, fakeHost(beside));
    };
    const url = "https://example.com/a.git";
    expect(of({ context: url, dockerfile: "sub/Dockerfile" })).toMatchObject({ value: [{ files: ["sub/Dockerfile.rego"], optional: true }] });
    expect(of({ context: url, policy: ["strict=true"] })).toMatchObject({ value: [{ files: ["Dockerfile.rego"], optional: true, strict: true }] });
    expect(of({ context: url, policy: ["disabled=true"] })).toMatchObject({ value: [] });
    expect(of({ context: url, "dockerfile-inline": "FROM scratch" })).toMatchObject({ value: [] });
    expect(of({ context: url, dockerfile: "cwd://Dockerfile" })).toMatchObject({ value: [{ files: ["cwd://Dockerfile.rego"] }] });
  });
  test("reset drops what came before", () => {
    expect(sets(["reset=true,filename=b.rego"], beside)).toEqual([{ files: ["b.rego"] }]);
    expect(sets(["filename=a.rego", "reset=true"], beside)).toEqual([]);
  });
  test("an entry without files changes the last set, or the next one when there is none", () => {
    expect(sets(["filename=a.rego", "strict=true"])).toEqual([{ files: ["a.rego"], strict: true }]);
    expect(sets(["log-level=debug", "filename=a.rego"])).toEqual([{ files: ["a.rego"], logLevel: "debug" }]);
  });
  test("switched off there are none, and nothing else may be said", () => {
    expect(sets(["disabled=true"], beside)).toEqual([]);
    expect(sets(["filename=a.rego"], beside, true)).toEqual([]);
    expect(sets(["disabled=true", "filename=a.rego"])).toBe("disabled policy cannot be combined with other policy flags");
  });
  test("a built-in policy that was asked for is not skipped", () => {
    const env = { BUILDX_DEFAULT_POLICY: "1" };
    expect(sets([], { env })).toMatch(/^BUILDX_DEFAULT_POLICY asks for a built-in policy/);
    expect(sets([], { env }, true)).toEqual([]);
    expect(sets([], { env: { BUILDX_DEFAULT_POLICY: "0" } })).toEqual([]);
  });
});
