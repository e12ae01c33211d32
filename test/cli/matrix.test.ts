/** `--list type=matrix`: what CI systems take as the matrix of a job. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectSuccess, ROOT, tsbake } from "./rig.ts";

const cwd = join(ROOT, "examples/ci-matrix");

test("has a job for each target and platform, on one line", async () => {
  const { stdout } = expectSuccess(await tsbake(["--list", "type=matrix,format=json"], { cwd }));
  expect(stdout.trimEnd()).not.toContain("\n");
  expect(JSON.parse(stdout)).toEqual({
    include: [
      { target: "api", platform: "linux/amd64" },
      { target: "api", platform: "linux/arm64" },
      { target: "web", platform: "linux/amd64" },
      { target: "web", platform: "linux/arm64" },
      { target: "docs" },
    ],
  });
});

test("lists the selected targets, with overrides", async () => {
  const { stdout } = expectSuccess(await tsbake(["--list", "type=matrix,format=json", "--set", "*.platform=linux/s390x", "api"], { cwd }));
  expect(JSON.parse(stdout)).toEqual({ include: [{ target: "api", platform: "linux/s390x" }] });
});

test("is a table for people", async () => {
  const { stdout } = expectSuccess(await tsbake(["--list", "type=matrix", "web"], { cwd }));
  expect(stdout).toBe("TARGET\tPLATFORM\nweb\tlinux/amd64\nweb\tlinux/arm64\n");
});
