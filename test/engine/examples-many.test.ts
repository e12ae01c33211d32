/** Many targets in one run: the docker driver's connections carry all of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";

const COUNT = 60;

describeEngines("many targets", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test(`${COUNT} targets that share a context succeed in one run`, async () => {
    const cwd = engine.project({
      "docker-bake.hcl": `target "default" {
        name     = "t\${number}"
        matrix   = { number = range(${COUNT}) }
        context  = "src"
        contexts = { tools = "tools" }
        args     = { NUMBER = number }
        output   = ["type=local,dest=out/\${number}"]
      }`,
      "src/Dockerfile":
        'FROM tools AS build\nCOPY file /in\nARG NUMBER\nRUN ["/bin/busybox", "sh", "-c", "/bin/busybox cat /in > /out && echo $NUMBER >> /out"]\nFROM scratch\nCOPY --from=build /out /result\n',
      "src/file": "shared\n",
    });
    expectSuccess(await engine.tsbake(["--progress=plain", "--metadata-file", "metadata.json"], { cwd }));
    const metadata = JSON.parse(readFileSync(join(cwd, "metadata.json"), "utf8")) as object;
    const targets = Object.keys(metadata).filter((name) => name.startsWith("t"));
    expect(targets).toHaveLength(COUNT);
    const results = Array.from({ length: COUNT }, (_, number) => readFileSync(join(cwd, `out/${number}/result`), "utf8"));
    expect(results).toEqual(Array.from({ length: COUNT }, (_, number) => `shared\n${number}\n`));
  });
});
