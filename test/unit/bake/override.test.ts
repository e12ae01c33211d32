import { describe, expect, test } from "vitest";
import { lowerFlags, type BakeFlags } from "../../../src/bake/flags.ts";
import { parseCall } from "../../../src/bake/call.ts";
import { loadOutputs, pushOutputs } from "../../../src/bake/push-load.ts";
import { print, printed } from "./rig.ts";

const files = {
  target: {
    foo: { tags: ["t"], args: { A: "1" }, secret: ["id=s,env=E"], output: ["type=local,dest=o"], "no-cache-filter": ["f"], ulimits: ["nofile=1"], ssh: ["a"] },
    bar: {},
  },
  group: { grp: { targets: ["foo"] } },
};
const env = { host: { env: { HOME: "/h" } } };

describe("[bake 68] messages of --set", () => {
  test.each([
    ["foo", "invalid override key foo, expected target.name"],
    ["foo+=x", "invalid override key foo, expected target.name"],
    ["foo.tags", "invalid override foo.tags, expected target.name=value"],
    ["zzz.tags=1", "could not find any target matching 'zzz'"],
    ["grp.tags=1", "could not find any target matching 'grp'"],
    ["[.tags=x", "could not match targets with '[': syntax error in pattern"],
    ["foo.platforms=x", "unknown key: platforms"],
    ["foo.description=x", "unknown key: description"],
    ["foo.args=1", "invalid key foo.args, args requires name"],
    ["foo.contexts=x", "invalid key foo.contexts, contexts requires name"],
    ["foo.labels=x", "invalid format for labels, expecting labels.<name>=<value>"],
    ["foo.extra-hosts=x", "invalid format for extra-hosts, expecting extra-hosts.<hostname>=<ip>"],
    ["foo.secret=x", "invalid key foo.secret, secret requires name"],
    ["foo.secret.=env=x", "invalid format for secret, expecting secret.<id>=<value>"],
    ["foo.secret.s+=env=x", "invalid key foo.secret.s+, secret does not support append"],
    ["foo.secret.zz=env=x", 'secret "zz" must be declared before it can be overridden'],
    ["foo.secret.zz=x", 'secret "zz" must be declared before it can be overridden'],
    ["foo.policy=", "EOF"],
    ["foo.secret.s=id=other,env=x", 'secret override id "other" does not match declared secret "s"'],
    ["foo.secret.s=", "failed to parse csv secret: EOF"],
    ["foo.secrets=x=y", "invalid value for outputs: unexpected key 'x' in 'x=y'"],
    ["foo.output=type=", "invalid value for outputs: type is required for output"],
    ["foo.attest=x=y", "invalid value for attest: attestation type not specified"],
    ["foo.cache-from=x=y", 'type required for "x=y"'],
    ["foo.no-cache=x", "invalid value x for boolean key no-cache"],
    ["foo.push=x", "invalid value x for boolean key push"],
    ["foo.resources=x", "invalid key foo.resources, resources requires name"],
    ["foo.resources.foo=1", "unknown resources key foo"],
    ["foo.resources.cpu-quota=x", "invalid value x for int64 key resources.cpu-quota"],
    ["foo.resources.memory+=x", "invalid key foo.resources.memory+, resources does not support append"],
  ])("%s: %s", (set, message) => {
    expect(print(files, { targets: ["foo"], set: [set] })).toBe(message);
  });
  test("[bake 80] an unknown key of a target that is not built is no mistake, an unmatched pattern is", () => {
    expect(Object.keys(printed(files, { targets: ["bar"], set: ["foo.bogus=1"] }))).toEqual(["bar"]);
    expect(print(files, { targets: ["bar"], set: ["zzz.tags=1"] })).toBe("could not find any target matching 'zzz'");
  });
});

describe("[bake 68] keys of --set", () => {
  test.each([
    ["context", ["context=./a/../b"], "b"],
    ["dockerfile", ["dockerfile+=X"], "X"],
    ["target", ["target=t"], "t"],
    ["call", ["call=lint"], "lint"],
    ["shm-size", ["shm-size=1g"], "1g"],
    ["args", ["args.A=2", "args.B.C=3"], { A: "2", "B.C": "3" }],
    ["contexts", ["contexts.n=d"], { n: "d" }],
    ["labels", ["labels.a.b=c"], { "a.b": "c" }],
    ["extra-hosts", ["extra-hosts.h=1.1.1.1"], { h: "1.1.1.1" }],
    ["tags", ["tags=a,b"], ["a,b"]],
    ["tags", ["tags="], undefined],
    ["platforms", ["platform=linux/amd64,linux/arm64", "platform=x"], ["linux/amd64,linux/arm64", "x"]],
    ["output", ["output+=type=docker"], [{ type: "local", dest: "o" }, { type: "docker" }]],
    ["output", ["output="], undefined],
    [
      "cache-from",
      ["cache-from=a,b"],
      [
        { type: "registry", ref: "a" },
        { type: "registry", ref: "b" },
      ],
    ],
    ["cache-to", ["cache-to+=type=inline"], [{ type: "inline" }]],
    ["secret", ["secrets=id=n,env=N"], [{ id: "n", env: "N" }]],
    ["secret", ["secret.s=src=f"], [{ id: "s", src: "f" }]],
    ["ssh", ["ssh+=b"], [{ id: "a" }, { id: "b" }]],
    ["annotations", ["annotations=a=1"], ["a=1"]],
    ["entitlements", ["entitlements=network.host"], ["network.host"]],
    ["attest", ["attest=type=sbom"], [{ type: "sbom" }]],
    ["policy", ["policy+=strict=true"], [{ Files: null, Reset: false, Disabled: false, Strict: true, LogLevel: null }]],
    ["no-cache", ["no-cache=1"], true],
    ["pull", ["pull=F"], false],
    ["resources", ["resources.memory=1g", "resources.cpu-quota=5"], { memory: "1g", "cpu-quota": 5 }],
  ])("%s by %j", (name, sets, value) => {
    expect(printed(files, { targets: ["foo"], set: sets.map((set) => `foo.${set}`) })["foo"]?.[name]).toEqual(value);
  });
  test("[bake 75] network, no-cache-filter and ulimits take the value they are given", () => {
    const set = ["network=host", "no-cache-filter=g", "ulimits+=cpu=2"].map((text) => `foo.${text}`);
    const { network, entitlements, ulimits, "no-cache-filter": filter } = printed(files, { targets: ["foo"], set })["foo"] ?? {};
    expect({ network, entitlements, ulimits, filter }).toEqual({
      network: "host",
      entitlements: ["network.host"],
      ulimits: ["nofile=1", "cpu=2"],
      filter: ["g"],
    });
  });
  test("[bake 69] the last flag decides whether the collected values replace or append", () => {
    const tags = (...set: string[]): unknown => printed(files, { targets: ["foo"], set })["foo"]?.["tags"];
    expect(tags("foo.tags=a", "foo.tags+=b")).toEqual(["t", "a", "b"]);
    expect(tags("foo.tags+=a", "foo.tags=b")).toEqual(["a", "b"]);
  });
  test("[bake 70] an argument without a value is passed on, unless its variable is unset or looking up is off", () => {
    const args = (set: string, more: Record<string, string> = {}): unknown =>
      printed(files, { targets: ["foo"], set: [set], host: { env: { ...env.host.env, ...more } } })["foo"]?.["args"];
    expect(args("foo.args.HOME")).toEqual({ A: "1", HOME: "/h" });
    expect(args("foo.args.NOPE")).toEqual({ A: "1" });
    expect(args("foo.args.HOME", { BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP: "1" })).toEqual({ A: "1" });
  });
  test("[bake 71] overriding a parent changes the child", () => {
    expect(printed({ target: { p: {}, c: { inherits: ["p"] } } }, { targets: ["c"], set: ["p.args.A=1"] })["c"]?.["args"]).toEqual({ A: "1" });
  });
  test("[bake 74] pushing a child or replacing its secret leaves the parent alone", () => {
    const family = { target: { p: { output: ["type=image"], secret: ["id=s,env=A"] }, c: { inherits: ["p"] } } };
    const { p, c } = printed(family, { targets: ["p", "c"], set: ["c.push=true", "c.secret.s=env=B"] });
    expect([p?.["output"], p?.["secret"]]).toEqual([[{ type: "image" }], [{ id: "s", env: "A" }]]);
    expect([c?.["output"], c?.["secret"]]).toEqual([[{ type: "image", push: "true" }], [{ id: "s", env: "B" }]]);
  });
  test("[bake 73] push comes after output, however the flags are ordered", () => {
    const set = ["bar.load=true", "bar.push=true", "bar.output=type=image,name=q"];
    expect(printed(files, { targets: ["bar"], set })["bar"]?.["output"]).toEqual([{ type: "image", name: "q", push: "true" }, { type: "docker" }]);
  });
});

describe("[bake 72] push and load", () => {
  const image = { type: "image" };
  const pushed = { type: "image", push: "true" };
  const docker = { type: "docker" };
  const file = { type: "docker", dest: "f" };
  test.each([
    [[], [pushed], [docker]],
    [[image], [pushed], [image, docker]],
    [[{ type: "registry" }], [{ type: "registry" }], [{ type: "registry" }, docker]],
    [[docker], [docker, pushed], [docker]],
    [[file], [file, pushed], [file, docker]],
    [[{ type: "oci" }], [{ type: "oci" }], [{ type: "oci" }, docker]],
    [[{ type: "local" }], [{ type: "local" }], [{ type: "local" }]],
    [[{ type: "cacheonly" }], [{ type: "cacheonly" }], [{ type: "cacheonly" }]],
    [
      [image, { type: "local" }],
      [pushed, { type: "local" }],
      [image, { type: "local" }],
    ],
  ])("%j", (outputs, push, load) => {
    expect(pushOutputs(outputs, true)).toEqual(push);
    expect(loadOutputs(outputs, true)).toEqual(load);
    expect(loadOutputs(outputs, false)).toEqual(outputs);
  });
  test("push=false drops registries and keeps images", () => {
    expect(pushOutputs([{ type: "local" }, { type: "registry" }, image, { type: "oci" }], false)).toEqual([
      { type: "local" },
      { type: "oci" },
      { type: "image", push: "false" },
    ]);
  });
});

describe("flags", () => {
  const lower = (flags: Partial<BakeFlags>): unknown => {
    const result = lowerFlags({ set: [], ...flags });
    return result.ok ? result.value : result.diagnostics[0]?.summary;
  };
  test("they become overrides in a fixed order after the user's", () => {
    expect(
      lower({
        set: ["a.tags=x"],
        policy: ["strict=true"],
        provenance: "mode=max",
        sbom: "true",
        pull: false,
        noCache: true,
        call: "outline",
        load: true,
        push: true,
      }),
    ).toEqual({
      overrides: [
        "a.tags=x",
        "*.push=true",
        "*.load=true",
        "*.call=outline",
        "*.no-cache=true",
        "*.pull=false",
        "*.attest=type=sbom,disabled=false",
        "*.attest=type=provenance,mode=max",
        "*.policy+=strict=true",
      ],
      disablePolicy: false,
      call: { name: "outline", ignoreStatus: false },
    });
  });
  test("[bake 76] push and load count only when true, pull and no-cache always", () => {
    expect(lower({ push: false, load: false, pull: false, noCache: false })).toEqual({ overrides: ["*.no-cache=false", "*.pull=false"], disablePolicy: false });
  });
  test("[bake 77] build asks for nothing, check is lint", () => {
    expect(lower({ call: "build" })).toEqual({ overrides: [], disablePolicy: false, call: { name: "build", ignoreStatus: false } });
    expect(lower({ call: "check,format=json,ignorestatus=1" })).toEqual({
      overrides: ["*.call=lint"],
      disablePolicy: false,
      call: { name: "lint", format: "json", ignoreStatus: true },
    });
  });
  test.each([
    ["a,b", "invalid print value: a,b"],
    ["foo=x", "invalid print field: foo=x"],
    ["a,ignorestatus=x", 'invalid ignorestatus print value: x: strconv.ParseBool: parsing "x": invalid syntax'],
  ])("call %s: %s", (text, message) => {
    expect(parseCall(text)).toEqual({ ok: false, message });
  });
  test("[bake 78] attestation flags disable in place and add", () => {
    const lowered = lowerFlags({ set: [], provenance: "false", sbom: "generator=foo" });
    const family = { target: { p: { attest: ["type=provenance,mode=min"] }, a: { inherits: ["p"] } } };
    expect(printed(family, { targets: ["a"], set: lowered.ok ? lowered.value.overrides : [] })["a"]?.["attest"]).toEqual([
      { type: "provenance", disabled: true },
      { type: "sbom", generator: "foo" },
    ]);
  });
  test.each([
    [["filename=x"], "--policy does not accept filename; define policy files in the bake definition"],
    [["reset=true"], "--policy does not accept reset; define policy composition in the bake definition"],
    [["disabled=true", "strict=true"], "disabled policy cannot be combined with other policy flags"],
    [["disabled=true,strict=true"], "disabled policy cannot be combined with other policy flags"],
    [[""], "EOF"],
    [["x"], "invalid value x"],
  ])("[bake 79] --policy %j: %s", (policy, message) => {
    expect(lower({ policy })).toBe(message);
  });
  test("[bake 79] a disabled policy takes the place of every other", () => {
    expect(lower({ policy: ["disabled=true"] })).toEqual({ overrides: [], disablePolicy: true });
    expect(printed({ target: { a: { policy: ["filename=x"] } } }, { targets: ["a"], disablePolicy: true })["a"]?.["policy"]).toEqual([
      { Files: null, Reset: false, Disabled: true, Strict: null, LogLevel: null },
    ]);
  });
});
