import { describe, expect, test } from "vitest";
import { print, printed, run } from "./rig.ts";

const files = {
  target: {
    a: { contexts: { x: "target:b" } },
    b: { contexts: { x: "target:c" }, entitlements: ["security.insecure"], output: ["type=docker"] },
    c: { network: "host" },
    self: { contexts: { x: "target:self" } },
    l1: { contexts: { x: "target:l2" } },
    l2: { contexts: { x: "target:l3" } },
    l3: { contexts: { x: "target:l1" } },
    p: { platforms: ["linux/amd64", "linux/arm64"], contexts: { q: "target:p2" } },
    p2: { platforms: ["linux/amd64", "linux/s390x"] },
    one: { platforms: ["linux/riscv64"], contexts: { q: "target:p2" } },
    g: { contexts: { q: "target:grp" } },
    upper: { contexts: { q: "Target:b" } },
  },
  group: { grp: { targets: ["a"] } },
};

describe("links", () => {
  test("[bake 84] linked targets are added with cacheonly and hand their entitlements on", () => {
    expect(printed(files, { targets: ["a"] })).toEqual({
      a: { context: ".", contexts: { x: "target:b" }, dockerfile: "Dockerfile", entitlements: ["security.insecure", "network.host"] },
      b: {
        context: ".",
        contexts: { x: "target:c" },
        dockerfile: "Dockerfile",
        output: [{ type: "cacheonly" }],
        entitlements: ["security.insecure", "network.host"],
      },
      c: { context: ".", dockerfile: "Dockerfile", output: [{ type: "cacheonly" }], network: "host", entitlements: ["network.host"] },
    });
  });
  test("[bake 84] a requested target keeps its outputs", () => {
    expect(printed(files, { targets: ["a", "b"] })["b"]?.["output"]).toEqual([{ type: "docker" }]);
    const resolved = run(files, { targets: ["a", "b"] });
    expect(resolved.ok && [...resolved.value.targets.values()].map(({ name, linkedOnly }) => [name, linkedOnly])).toEqual([
      ["a", false],
      ["b", false],
      ["c", true],
    ]);
  });
  test.each([
    ["self", "target self cannot link to itself"],
    ["l1", "infinite loop from l3 to l1"],
    ["p", "target p2 can't be used by p because its platforms [linux/amd64 linux/arm64] are not a subset of [linux/amd64 linux/s390x]"],
    ["g", "failed to find target grp"],
  ])("[bake 85] %s: %s", (target, message) => {
    expect(print(files, { targets: [target] })).toBe(message);
  });
  test("one platform is not compared, and the prefix is case-sensitive", () => {
    expect(Object.keys(printed(files, { targets: ["one", "upper"] }))).toEqual(["one", "p2", "upper"]);
  });
  test("a broken link is pointed at", () => {
    const result = run(files, { targets: ["g"] });
    const range = result.ok ? undefined : result.diagnostics[0]?.range;
    expect(range?.file.text.slice(range.start, range.end)).toBe('"q"');
  });
  test("overrides reach linked targets", () => {
    expect(printed(files, { targets: ["a"], set: ["c.args.X=1"] })["c"]?.["args"]).toEqual({ X: "1" });
  });
});

describe("size", () => {
  const ladder = (levels: number, make: (next: readonly string[]) => object): Record<string, never> => {
    const out: Record<string, object> = {};
    for (let i = 0; i < levels; i++) for (const side of ["a", "b"]) out[`${side}${i}`] = make(i + 1 < levels ? [`a${i + 1}`, `b${i + 1}`] : []);
    return out as Record<string, never>;
  };
  test("[bake 106] ladders of links, parents and groups cost what they hold", () => {
    const links = ladder(200, (next) => ({ contexts: Object.fromEntries(next.map((name) => [name, `target:${name}`])) }));
    expect(Object.keys(printed({ target: links }, { targets: ["a0"] })).length).toBe(399);
    const parents = ladder(200, (next) => ({ inherits: next }));
    expect(Object.keys(printed({ target: parents }, { targets: ["a0"] }))).toEqual(["a0"]);
    const groups = ladder(200, (next) => ({ targets: next.length > 0 ? next : ["t"] }));
    expect(Object.keys(printed({ target: { t: {} }, group: groups }, { targets: ["a0"] }))).toEqual(["t"]);
  });
  test("[bake 106] long chains do not exhaust the stack", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`t${i}`, i === 0 ? {} : { inherits: [`t${i - 1}`], contexts: { x: `target:t${i - 1}` } }]),
    );
    const resolved = run({ target: chain as never }, { targets: ["t19999"] });
    expect(resolved.ok && resolved.value.targets.size).toBe(20_000);
  });
});
