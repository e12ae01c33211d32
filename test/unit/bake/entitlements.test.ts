/** What a build needs and nobody granted (spec/bake.md 10): the check, the message, the switch. */
import { describe, expect, test } from "vitest";
import { parseAllow } from "../../../src/bake/allow.ts";
import { entitlementError, entitlementMessage, isConsent } from "../../../src/bake/entitlement-text.ts";
import { sshOf } from "../../../src/bake/check.ts";
import { checkEntitlements, type EntitlementVerdict } from "../../../src/bake/entitlements.ts";
import { type FakeHost, fakeHost, type PlainFile, run } from "./rig.ts";

type Target = NonNullable<PlainFile["target"]>[string];

interface Given {
  readonly allow?: readonly string[];
  readonly set?: readonly string[];
  readonly host?: FakeHost;
}

/** Directories around the working directory `/w`, as a monorepo has them. */
const tree: FakeHost = {
  files: {
    "/w/Dockerfile": "FROM scratch",
    "/w/f": "text",
    "/w-secret/Dockerfile": "FROM scratch",
    "/src/Dockerfile": "FROM scratch",
    "/out/": "/",
    "/w/inside": "-> /src",
    "/w/key": "k",
    "/keys/id": "k",
  },
};

function check(targets: Readonly<Record<string, Target>>, { allow = [], set = [], host = {} }: Given = {}): EntitlementVerdict | string {
  const fake = { ...tree, ...host };
  const allowed = parseAllow(allow);
  if (!allowed.ok) return allowed.diagnostics[0]?.summary ?? "";
  const resolved = run({ target: targets }, { targets: Object.keys(targets), set, host: fake });
  if (!resolved.ok) return resolved.diagnostics[0]?.summary ?? "";
  const verdict = checkEntitlements(resolved.value, allowed.value, fakeHost(fake));
  return verdict.ok ? verdict.value : (verdict.diagnostics[0]?.summary ?? "");
}

/** The flags that would grant what is missing. */
function missing(targets: Readonly<Record<string, Target>>, given: Given = {}): readonly string[] | string {
  const verdict = check(targets, given);
  return typeof verdict === "string" ? verdict : verdict.missing.map(({ allow }) => allow);
}

describe("paths", () => {
  test("what is below the working directory needs nothing", () => {
    expect(missing({ t: {} })).toEqual([]);
    expect(missing({ t: { output: ["type=local,dest=out"], "cache-to": ["type=local,dest=cache"] } })).toEqual([]);
  });
  test("[bake 89] a context outside of it must be granted, with the reference's message", () => {
    const outside = { t: { context: "../src" } };
    expect(missing(outside)).toEqual(["fs.read=../src"]);
    expect(missing(outside, { allow: ["fs.read=../src"] })).toEqual([]);
    expect(missing(outside, { allow: ["fs=/src"] })).toEqual([]);
    expect(missing(outside, { allow: ["fs.read=*"] })).toEqual([]);
    expect(missing(outside, { allow: ["fs.write=../src"] })).toEqual(["fs.read=../src"]);
    const verdict = check(outside) as EntitlementVerdict;
    expect(
      entitlementMessage(verdict, { argv: ["tsbake", "bake", "t"], interactive: false }),
    ).toBe(`Your build is requesting privileges for following possibly insecure capabilities:

 - Read access to path ../src

Pass "--allow=fs.read=../src" to grant requested privileges.

Your full command with requested privileges:

tsbake bake --allow=fs.read=../src t

To disable filesystem entitlements checks, you can set BUILDX_BAKE_ENTITLEMENTS_FS=0 .

`);
    expect(entitlementError(verdict, false)).toBe("additional privileges requested");
    expect(entitlementError(verdict, true)).toBe('additional privileges requested: pass "--allow=fs.read=../src" to grant requested privileges');
  });
  test("[bake 90] a directory that only begins like the working directory is outside", () => {
    expect(missing({ t: { context: "../w-secret" } })).toEqual(["fs.read=../w-secret"]);
  });
  test("[bake 91] the needs of all targets count, whatever their order", () => {
    const outside = { context: "../src" };
    expect(missing({ a: outside, b: {} })).toEqual(["fs.read=../src"]);
    expect(missing({ a: {}, b: outside })).toEqual(["fs.read=../src"]);
    expect(missing({ a: outside, b: { context: "../w-secret" } })).toEqual(["fs.read=../src", "fs.read=../w-secret"]);
  });
  test("a link inside that leads outside is outside", () => {
    expect(missing({ t: { context: "inside" } })).toEqual(["fs.read=../src"]);
  });
  test("outputs and caches are written, both accesses to one path are asked for together", () => {
    expect(missing({ t: { output: ["type=local,dest=../out"] } })).toEqual(["fs.write=../out"]);
    expect(missing({ t: { output: ["type=local,dest=../out"], contexts: { o: "../out" } } })).toEqual(["fs=../out"]);
    expect(missing({ t: { "cache-to": ["type=local,dest=../out"], "cache-from": ["type=local,src=../src"] } })).toEqual(["fs.read=../src", "fs.write=../out"]);
    expect(missing({ t: { output: ["type=tar,dest=-", "type=image"] } })).toEqual([]);
  });
  test("an OCI layout is read like any other directory", () => {
    expect(missing({ t: { contexts: { base: "oci-layout:///src:1" } } })).toEqual(["fs.read=../src"]);
  });
  test("[bake 92] the check can be switched off: the notice stays, the build goes on", () => {
    const verdict = check({ t: { context: "../src" } }, { host: { env: { BUILDX_BAKE_ENTITLEMENTS_FS: "0" } } });
    expect(verdict).toMatchObject({ mustAsk: false, canDisable: false, missing: [{ allow: "fs.read=../src" }] });
    expect(check({ t: { context: "../src", network: "host" } }, { host: { env: { BUILDX_BAKE_ENTITLEMENTS_FS: "0" } } })).toMatchObject({ mustAsk: true });
    expect(check({ t: { context: "../src" } }, { host: { env: { BUILDX_BAKE_ENTITLEMENTS_FS: "x" } } })).toBe(
      'failed to parse BUILDX_BAKE_ENTITLEMENTS_FS value "x": strconv.ParseBool: parsing "x": invalid syntax',
    );
  });
  test("[bake 93] an output of the command line is granted, a context is not", () => {
    expect(missing({ t: {} }, { set: ["t.output=type=local,dest=../out"] })).toEqual([]);
    expect(missing({ t: {} }, { set: ["t.context=../src"] })).toEqual(["fs.read=../src"]);
  });
});

describe("other privileges", () => {
  test("[bake 94] only a lone y goes on", () => {
    expect(["y", "Y", "n", "", "yes", " y"].map(isConsent)).toEqual([true, true, false, false, false, false]);
    const verdict = check({ t: { network: "host" } }) as EntitlementVerdict;
    const text = entitlementMessage(verdict, { argv: ["tsbake", "t"], interactive: true });
    expect(text).toContain('In order to not see this message in the future pass "--allow=network.host" to grant requested privileges.');
    expect(text.endsWith("Do you want to grant requested privileges and continue? [y/N] ")).toBe(true);
    expect(text).not.toContain("full command");
  });
  test("[bake 95] what cannot be granted is refused", () => {
    expect(missing({ t: {} }, { allow: ["foo"] })).toBe('unknown entitlement key "foo"');
    expect(missing({ t: {} }, { allow: ["buildx.local.delete=1"] })).toBe("buildx.local.delete does not accept a value");
  });
  test("[bake 96] the default agent must be granted, keys are paths", () => {
    expect(missing({ t: { ssh: ["default"] } })).toEqual(["ssh"]);
    expect(missing({ t: { ssh: ["default"] } }, { allow: ["ssh"] })).toEqual([]);
    expect(missing({ t: { ssh: ["id=key"] } })).toEqual([]);
    expect(missing({ t: { ssh: ["id=../keys/id"] } })).toEqual(["fs.read=../keys/id"]);
    const agents = (url: string, ssh: readonly { id: string }[]): unknown =>
      sshOf({ context: "cwd://x", dockerfile: "Dockerfile", ssh }, { url, tree: true }).map(({ id }) => id);
    expect(agents("git@example.com:a/b.git", [{ id: "a" }])).toEqual(["a", "default"]);
    expect(agents("ssh://git@example.com/a/b.git", [{ id: "default" }])).toEqual(["default"]);
    expect(agents("https://example.com/a/b.git", [])).toEqual([]);
  });
  test("[bake 97] devices are granted by name or all together", () => {
    const device = { t: { entitlements: ["device=vendor.com/gpu=0"] } };
    expect(missing(device)).toEqual(["device=vendor.com/gpu=0"]);
    expect(missing(device, { allow: ["device=vendor.com/gpu=0"] })).toEqual([]);
    expect(missing(device, { allow: ["device"] })).toEqual([]);
    expect(missing(device, { allow: ["device=other"] })).toEqual(["device=vendor.com/gpu=0"]);
    expect(missing({ t: { entitlements: ["device"] } }, { allow: ["device=vendor.com/gpu=0"] })).toEqual(["device"]);
  });
  test("privileges of the network, of the system, and of deleting", () => {
    const all = { t: { network: "host", entitlements: ["security.insecure"], output: ["type=local,dest=out,mode=delete"] } };
    expect(missing(all)).toEqual(["network.host", "security.insecure", "buildx.local.delete"]);
    expect(missing(all, { allow: ["network.host", "security.insecure", "buildx.local.delete"] })).toEqual([]);
    expect(missing({ t: { output: ["type=local,dest=out,mode=zzz"] } })).toBe('invalid local exporter mode "zzz"');
  });
});
