/** How many targets are evaluated at once: never more than was asked for, in any graph, and with deferred outputs too. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";
import { endOf, manyTargets, peakOf, run, runWithEvents, shellDockerfile, stepsOf } from "./scale-rig.ts";

const step = /RUN .*usleep/;
const dockerfile = shellDockerfile(run("/bin/busybox usleep 300000; echo $NAME > /name"));

/** Two roots, each child needs one or two of the targets before it. */
function linkedTargets(count: number): string {
  const targets = Array.from({ length: count }, (_, i) => {
    const parents = i < 2 ? [] : [...new Set([i - 2, Math.floor(i / 3)])];
    const links = parents.map((parent) => `, p${parent} = "target:t${parent}"`).join("");
    const from = parents.length > 0 ? parents.map((parent) => `COPY --from=p${parent} /name /from-${parent}\\n`).join("") : "";
    const text = `${dockerfile.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}`.replace("RUN", `${from}RUN`);
    return `target "t${i}" {\n  contexts = { tools = "tools"${links} }\n  args = { NAME = "t${i}" }\n  no-cache = true\n  output = ["type=cacheonly"]\n  dockerfile-inline = "${text}"\n}\n`;
  });
  return `${targets.join("")}group "default" {\n  targets = [${Array.from({ length: count }, (_, i) => `"t${i}"`).join(", ")}]\n}\n`;
}

describeEngines("at most N targets evaluate at once", ["dockerd", "buildkitd"], (engine) => {
  describe.each([
    ["apart", { "docker-bake.hcl": manyTargets(10, "  no-cache = true\n"), Dockerfile: dockerfile }],
    ["linked", { "docker-bake.hcl": linkedTargets(10) }],
  ])("%s", (kind, files) => {
    test.each([1, 2, 4])("N = %i", async (limit) => {
      const result = await runWithEvents(engine, [`--max-parallelism=${limit}`], { cwd: engine.project(files) });
      expectSuccess(result.run);
      const steps = stepsOf(result.events, step);
      expect(steps).toHaveLength(10);
      const peak = peakOf(steps);
      expect(peak).toBeLessThanOrEqual(limit);
      if (limit > 1 && kind === "apart") expect(peak).toBeGreaterThan(1);
    });
  });

  test("the environment sets the limit, the flag overrides it", async () => {
    const cwd = engine.project({ "docker-bake.hcl": manyTargets(6, "  no-cache = true\n"), Dockerfile: dockerfile });
    const env = { TSBAKE_MAX_PARALLELISM: "1" };
    const one = await runWithEvents(engine, [], { cwd, env });
    expect(peakOf(stepsOf(expectSuccess(one.run) && one.events, step))).toBe(1);
    const three = await runWithEvents(engine, ["--max-parallelism=3"], { cwd, env });
    expect(peakOf(stepsOf(expectSuccess(three.run) && three.events, step))).toBeGreaterThan(1);
  });
});

describeEngines("the target that took longest", ["buildkitd"], (engine) => {
  test("comes first in the next run, after what it needs", async () => {
    const target = (name: string, more = ""): string =>
      `target "${name}" {\n  contexts = { tools = "tools"${more} }\n  args = { NAME = "${name}" }\n  no-cache = true\n  output = ["type=cacheonly"]\n}\n`;
    const cwd = engine.project({
      "docker-bake.hcl": `${target("a")}${target("b", ', base = "target:input"')}${target("c")}${target("input")}group "default" { targets = ["a", "b", "c"] }\n`,
      Dockerfile: shellDockerfile(run("echo $NAME; [ $NAME != c ] || /bin/busybox sleep 2")),
      "history.json": "{ not JSON",
    });
    const env = { TSBAKE_HISTORY: join(cwd, "history.json") };
    const order = async (): Promise<readonly (string | undefined)[]> => {
      const result = await runWithEvents(engine, ["--max-parallelism=1"], { cwd, env });
      expectSuccess(result.run);
      return result.events.filter(({ type, state }) => type === "target" && state === "running").map(({ target: name }) => name);
    };
    // Nothing can be read of the history: the longest chain is first.
    expect((await order())[0]).toBe("input");
    expect((await order())[0]).toBe("c");
  });
});

// dockerd bounds streams: all 300 builds must be open when the outputs begin.
describeEngines("deferred outputs of 300 targets", ["dockerd"], (engine) => {
  test("with two at once", { timeout: 600_000 }, async () => {
    const cwd = engine.project({ "docker-bake.hcl": manyTargets(300), Dockerfile: shellDockerfile(run("echo deferred > /name")) });
    const result = await runWithEvents(engine, ["--execution=defer-output", "--max-parallelism=2"], { cwd, timeout: 590_000 });
    expectSuccess(result.run);
    expect(peakOf(stepsOf(result.events, /RUN .*deferred/))).toBeLessThanOrEqual(2);
    expect(endOf(result).succeeded).toHaveLength(300);
  });
});
