/** `--call`: what is printed and the exit status are the reference's. */
import { expect, test } from "vitest";
import { describeEngines, type Run } from "./rig.ts";

const files = {
  "docker-bake.hcl":
    'group "default" { targets = ["a", "b"] }\n' +
    'target "a" {\n  description = "first"\n  args = { V = "1" }\n}\n' +
    'target "b" {\n  dockerfile = "b.Dockerfile"\n}\n' +
    'target "bad" {\n  dockerfile = "bad.Dockerfile"\n}\n' +
    'target "clean" {\n  dockerfile-inline = "FROM scratch\\nCOPY docker-bake.hcl /\\n"\n}\n',
  Dockerfile:
    "FROM scratch AS base\nARG V=2\n# What W is.\nARG W\nMAINTAINER x\nCOPY docker-bake.hcl /\nFROM base as second\n" +
    "RUN --mount=type=secret,id=s,required true\nRUN --mount=type=ssh true\n",
  "b.Dockerfile": "# About base.\nFROM scratch AS base\nCOPY --from=nothing-here:1 /x /\nFROM base\nEXPOSE 80/tcp\ncopy x /\n",
  "bad.Dockerfile": "FROM scratch\nFOO bar\n",
};

/**
 * Definitions of how Dockerfiles were read hold the ids of sessions, and digests of that, by which they are ordered. The reference
 * names the targets of its warning in an order that changes from run to run.
 */
function told({ exit, stdout, stderr }: Run): object {
  const named = stdout.replace(/"[A-Za-z0-9+/]{60,}={0,2}"/g, '"BASE64"').replace(/sha256:[0-9a-f]{64}/g, "DIGEST");
  const warned = stderr.replace(/(?<=No output specified for ).*?(?= target\(s\))/, (names) => names.split(", ").sort().join(", "));
  return { exit, stdout: named.includes("DIGEST") ? named.replaceAll(",\n", "\n").split("\n").sort() : named, stderr: warned };
}

describeEngines(
  "calls",
  ["buildkitd", "dockerd"],
  (engine) => {
    test.each([
      "--call=check",
      "--call=check clean",
      "--call=check bad",
      "--check a",
      "--call=check,error=false",
      "--call=check,format=json",
      "--call=check,format=json bad",
      "--call=outline",
      "--call=outline a",
      "--call=outline bad",
      "--call=outline,format=json a",
      "--call=targets",
      "--call=targets,format=json",
      "--call=subrequests.describe",
      "--call=format=json",
    ])("%s", async (args) => {
      const cwd = engine.project(files);
      const given = ["--progress=quiet", ...args.split(" ")];
      const ours = await engine.tsbake(given, { cwd });
      expect(told(ours), ours.story).toEqual(told(await engine.reference(given, { cwd })));
    });
  },
  { needs: ["busybox", "reference"] },
);
