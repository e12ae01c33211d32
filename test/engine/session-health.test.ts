/** The engine asks every few seconds whether a session is still there, and drops one that does not answer. */
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";

describeEngines("a session", ["dockerd", "buildkitd"], (engine) => {
  test("is there for as long as its build, whatever the engine does in between", async () => {
    const shell = (script: string): string => `["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]`;
    const cwd = engine.project({
      "docker-bake.hcl":
        'target "default" {\n  contexts = { tools = "tools" }\n  no-cache = true\n  secret = ["id=late,env=LATE"]\n  output = ["type=local,dest=out"]\n}\n',
      // Longer than it takes the engine to drop a session that does not answer twice.
      Dockerfile: `FROM tools\nRUN ${shell("/bin/busybox sleep 22")}\nRUN --mount=type=secret,id=late,required ${shell("/bin/busybox cat /run/secrets/late | /bin/busybox wc -c")}\n`,
    });
    const run = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: { LATE: "twelve bytes" } }));
    expect(run.stderr).toMatch(/^#\d+ [\d.]+ 12$/m);
  });
});
