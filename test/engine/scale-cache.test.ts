/** `--cache`: every target has a cache of its own in one repository, and imports those of its neighbours. */
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";
import { type EventLine, run, runWithEvents, shellDockerfile } from "./scale-rig.ts";

describeEngines(
  "one cache for all targets",
  ["dockerd", "buildkitd"],
  (engine) => {
    test("has a scope for each, which the next run imports", async () => {
      const repository = `scale-cache-${engine.kind}`;
      const cwd = engine.project({
        "docker-bake.hcl":
          'target "base" {\n  contexts = { tools = "tools" }\n}\n' +
          `target "app" {\n  contexts = { tools = "tools", os = "target:base" }\n  dockerfile-inline = ${JSON.stringify(`FROM os\n${run("echo app > /app")}\n`)}\n  output = ["type=cacheonly"]\n}\n` +
          `target "alone" {\n  contexts = { tools = "tools" }\n  args = { NAME = "alone" }\n  output = ["type=cacheonly"]\n}\n` +
          'group "default" {\n  targets = ["app", "alone"]\n}\n',
        Dockerfile: shellDockerfile(run("echo $NAME > /name")),
      });
      const cache = `--cache=${engine.registry}/${repository}`;
      expectSuccess((await runWithEvents(engine, [cache], { cwd })).run);
      const answer = await fetch(`http://${engine.registry}/v2/${repository}/tags/list`);
      expect(((await answer.json()) as { tags: string[] }).tags.sort()).toEqual(["alone", "app", "base"]);
      const second = await runWithEvents(engine, [cache], { cwd });
      expectSuccess(second.run);
      const imported = (target: string): readonly string[] => importsOf(second.events, target, `${engine.registry}/${repository}:`);
      expect([imported("app"), imported("base"), imported("alone")]).toEqual([["app", "base"], ["app", "base"], ["alone"]]);
    });
  },
  { needs: ["busybox", "registry"] },
);

function importsOf(events: readonly EventLine[], target: string, prefix: string): readonly string[] {
  const names = events.filter((event) => event.target === target).flatMap(({ vertexes = [] }) => vertexes.map(({ name }) => name));
  const wanted = `importing cache manifest from ${prefix}`;
  return [...new Set(names.filter((name) => name.startsWith(wanted)).map((name) => name.slice(wanted.length)))].sort();
}
