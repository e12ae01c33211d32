/** The rig itself: what it provides works, proved with the reference, so that a failure elsewhere is tsbake's. */
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";

describeEngines(
  "the rig",
  ["dockerd", "dockerd-classic", "buildkitd"],
  (engine) => {
    test("runs a build step from scratch with the reference", async () => {
      const cwd = engine.project({
        "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=cacheonly"]\n}\n',
        Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "true"]\n',
      });
      const run = expectSuccess(await engine.reference(["--progress=plain"], { cwd }));
      expect(run.stderr).toContain('RUN ["/bin/busybox", "true"]');
    });

    test("has a registry", async () => {
      const answer = await fetch(`http://${engine.registry}/v2/`);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    });
  },
  { needs: ["busybox", "registry", "reference"] },
);
