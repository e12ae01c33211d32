/** Which part of a solve's answer belongs to which of its targets. */
import { expect, test } from "vitest";
import type { Job, PlannedExporter, Twin } from "../../../src/planner/plan.ts";
import { splitResponse } from "../../../src/runner/target-response.ts";

const job = (exporters: readonly PlannedExporter[], names?: readonly string[]): Job =>
  ({ id: "a", target: "a", node: 0, request: { exporters }, ...(names ? { names } : {}) }) as unknown as Job;
const twin = (exporters: readonly number[], names: readonly string[] = []): Twin => ({ target: "b", requested: true, job: "a", exporters, names });

const image = (name: string): PlannedExporter => ({ type: "image", attributes: { name } });
const local: PlannedExporter = { type: "local", attributes: {}, sink: { kind: "directory", path: "/out", mode: "copy" } };
const response = { "containerimage.digest": "sha256:1", "image.name": "docker.io/library/a:1,docker.io/library/b:1", "buildx.build.ref": "r" };

test("each has the names of its own images", () => {
  const split = splitResponse(job([image("a:1,b:1")], ["a:1"]), [twin([0], ["b:1"])], response);
  expect([...split]).toEqual([
    ["a", { ...response, "image.name": "docker.io/library/a:1" }],
    ["b", { ...response, "image.name": "docker.io/library/b:1" }],
  ]);
});

test("a target of files only has nothing of the other's image", () => {
  const split = splitResponse(job([image("a:1"), local]), [twin([1])], response);
  expect(split.get("a")).toEqual(response);
  expect(split.get("b")).toEqual({ "buildx.build.ref": "r" });
});
