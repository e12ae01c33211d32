/** Policies: the engine asks about every source, and what is not allowed is not used. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";

const opa = process.env["TSBAKE_OPA"];
const withOpa = { PATH: `${opa === undefined ? "" : dirname(opa)}:/usr/bin:/bin` };
const bake = 'target "default" {\n  contexts = { tools = "tools" }\n  args = { MODE = "safe" }\n  output = ["out"]\n}\n';
const head =
  'package docker\ndefault allow := false\nmsgs contains sprintf("%v is not welcome", [input]) if not allow\ndecision := {"allow": allow, "deny_msg": [m | some m in msgs]}\n';

describeEngines("policies without an evaluator", ["dockerd", "buildkitd"], (engine) => {
  test("without an evaluator nothing is built", async () => {
    const cwd = engine.project({ "docker-bake.hcl": bake, Dockerfile: "FROM scratch\nCOPY Dockerfile /\n", "Dockerfile.rego": `${head}allow := true\n` });
    const run = await engine.tsbake([], { cwd, env: { PATH: "/nowhere" } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain(
      'target default has a source policy (Dockerfile.rego), and no evaluator for it is there: install opa, or set policy = ["disabled=true"]',
    );
    expect(existsSync(join(cwd, "out"))).toBe(false);
    expectSuccess(await engine.tsbake(["--set=*.policy=disabled=true"], { cwd, env: { PATH: "/nowhere" } }));
  });
});

describeEngines("policies on an engine that cannot be held to them", ["dockerd"], (engine) => {
  test("fail the build", async () => {
    const cwd = engine.project({ "docker-bake.hcl": bake, Dockerfile: "FROM scratch\nCOPY Dockerfile /\n", "Dockerfile.rego": `${head}allow := true\n` });
    const run = await engine.tsbake([], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(/needs policies, which the current BuildKit daemon does not support|no evaluator for it is there/);
  });
});

describeEngines("policies", ["buildkitd"], (engine) => {
  test.skipIf(opa === undefined)("what a policy allows is built", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": bake,
      Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      "Dockerfile.rego": `${head}allow if { input.local; input.env.args.MODE == "safe"; input.env.filename == "Dockerfile" }\nallow if input.env.capsRequest\n`,
    });
    expectSuccess(await engine.tsbake([], { cwd, env: withOpa }));
    expect(readFileSync(join(cwd, "out/Dockerfile"), "utf8")).toContain("FROM scratch");
  });

  test.skipIf(opa === undefined)("what a policy denies is not used, and its messages are shown", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": bake,
      Dockerfile: "FROM scratch\nADD http://denied.invalid/file /\n",
      "Dockerfile.rego": `${head}allow if input.local\nallow if input.env.capsRequest\n`,
    });
    const run = await engine.tsbake([], { cwd, env: withOpa });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("not allowed by policy");
    expect(run.stderr).toMatch(/Policy: .*denied\.invalid.* is not welcome/);
  });

  test.skipIf(opa === undefined)("a policy that cannot be evaluated fails the build", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": bake,
      Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      "Dockerfile.rego": 'package docker\ndecision := {"allow": nonsense(1)}\n',
    });
    const run = await engine.tsbake([], { cwd, env: withOpa });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("undefined function nonsense");
  });
});

describeEngines(
  "policies about images",
  ["buildkitd"],
  (engine) => {
    test.skipIf(opa === undefined)("are told the labels they ask for", async () => {
      const name = `${engine.registry}/policy/labelled:1`;
      const push = engine.project({
        "docker-bake.hcl": `target "default" {\n  tags = ["${name}"]\n  labels = { trust = "yes" }\n  output = ["type=registry"]\n}\n`,
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake([], { cwd: push }));
      const policy = (label: string): string =>
        `${head}allow if input.local\nallow if input.env.capsRequest\nallow if input.image.labels.trust == "${label}"\n`;
      const cwd = engine.project({ "docker-bake.hcl": bake, Dockerfile: `FROM ${name}\n`, "Dockerfile.rego": policy("yes"), "other.rego": policy("no") });
      expectSuccess(await engine.tsbake([], { cwd, env: withOpa }));
      const denied = await engine.tsbake(["--set=*.policy=filename=other.rego"], { cwd, env: withOpa });
      expect(denied.exit, denied.story).toBe(1);
      expect(denied.stderr).toContain("is not welcome");
    });
  },
  { needs: ["busybox", "registry"] },
);
