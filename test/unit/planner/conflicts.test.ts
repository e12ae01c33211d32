/** What several targets write, and platforms without a node: said before anything starts. */
import { describe, expect, test } from "vitest";
import { formatDiagnosticLine, type Diagnostic, type SourceFile } from "../../../src/diagnostics.ts";
import type { PlaceOf } from "../../../src/planner/conflicts.ts";
import { planTargets, type PlanInput } from "../../../src/planner/plan-bake.ts";
import type { TargetInput } from "../../../src/planner/target.ts";
import { builder, localFacts, node, target } from "./rig.ts";

const file: SourceFile = { name: "docker-bake.hcl", text: "a.tags\nb.tags\n" };
const lines = file.text.split("\n");
/** `a.tags` for tag of target a, and so on. */
const placeOf: PlaceOf = (name, item) => {
  const at = file.text.indexOf(`${name}.${item.split("/")[0] ?? ""}`);
  return at < 0 ? { flag: `--set ${name}.${item}` } : { range: { file, start: at, end: at + (lines[0]?.length ?? 0) } };
};

function planned(targets: readonly TargetInput[], changes: Partial<PlanInput> = {}): ReturnType<typeof planTargets> {
  return planTargets({ targets, selection: [], engine: builder(node()), facts: localFacts(), isRemote: () => false, placeOf, ...changes });
}

const found = (targets: readonly TargetInput[], changes: Partial<PlanInput> = {}): readonly Diagnostic[] => planned(targets, changes).diagnostics;
const image = (...tags: readonly string[]): Partial<TargetInput> => ({ tags, outputs: [{ type: "image", dest: "", attributes: {} }] });

describe("written by several targets", () => {
  test("a tag, however it is spelt, with both places", () => {
    const [one, ...others] = found([target("a", image("x")), target("b", image("docker.io/library/x:latest"))], {
      fullName: (name) => (name === "x" ? "docker.io/library/x:latest" : name),
    });
    expect(others).toEqual([]);
    expect(one && formatDiagnosticLine(one)).toBe(
      "docker-bake.hcl:2,1-7: targets a and b write the same tag docker.io/library/x:latest; the last one to finish wins",
    );
    expect(one).toMatchObject({ severity: "warning", code: "plan.same-tag", related: [{ message: "target a writes it here", range: { start: 0 } }] });
  });

  test("an error where everything odd is one", () => {
    const result = planned([target("a", image("x")), target("b", image("x"))], { strict: true });
    expect(result.ok).toBe(false);
    expect(result.diagnostics.map(({ severity, code }) => [severity, code])).toEqual([["error", "plan.same-tag"]]);
    expect(planned([target("a", image("x"))], { strict: true }).ok).toBe(true);
  });

  test("files, folders and standard output", () => {
    const to = (type: string, dest: string): Partial<TargetInput> => ({ outputs: [{ type, dest, attributes: {} }] });
    expect(found([target("a", to("local", "out")), target("b", to("local", "./out/"))]).map(({ summary }) => summary)).toEqual([
      "targets a and b write the same output /w/out",
    ]);
    expect(found([target("a", to("tar", "-")), target("b", to("tar", ""))]).map(({ summary }) => summary)).toEqual([
      "targets a and b write the same output standard output",
    ]);
    expect(found([target("a", to("local", "out")), target("b", to("local", "out2"))])).toEqual([]);
  });

  test("caches", () => {
    const cacheTo = (type: string, attributes: Record<string, string>): Partial<TargetInput> => ({ cacheTo: [{ type, attributes }] });
    expect(found([target("a", cacheTo("registry", { ref: "r/c" })), target("b", cacheTo("registry", { ref: "r/c", mode: "max" }))])).toMatchObject([
      { summary: "targets a and b write the same cache registry r/c", detail: "the last one to finish wins (set by --set b.cache-to/0, --set a.cache-to/0)" },
    ]);
    const facts = localFacts({ secretEnv: ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_CACHE_URL"] });
    expect(
      found([target("a", cacheTo("gha", {})), target("b", cacheTo("gha", { scope: "buildkit" })), target("c", cacheTo("gha", { scope: "c" }))], { facts }).map(
        ({ summary }) => summary,
      ),
    ).toEqual(["targets a and b write the same cache gha buildkit"]);
    expect(found([target("a", cacheTo("inline", {})), target("b", cacheTo("inline", {}))])).toEqual([]);
  });

  test("many targets are counted, and one target may name a thing twice", () => {
    const many = ["a", "b", "c", "d", "e"].map((name) => target(name, image("x", "x")));
    expect(found(many).map(({ summary }) => summary)).toEqual(["targets a, b and 3 others write the same tag x"]);
    expect(found([target("a", image("x", "x"))])).toEqual([]);
  });

  test("tags of archives are no names of images", () => {
    const oci = (dest: string): Partial<TargetInput> => ({ tags: ["x"], outputs: [{ type: "oci", dest, attributes: {} }] });
    expect(found([target("a", oci("a.tar")), target("b", oci("b.tar"))])).toEqual([]);
  });
});

describe("platforms without a node", () => {
  const nodes = builder(node({ name: "n0", platforms: ["linux/amd64", "linux/386"] }), node({ name: "n1", platforms: ["linux/arm64"] }));

  test("are said once each, at the first target", () => {
    const wants = { platforms: ["linux/amd64", "linux/arm/v7", "linux/s390x"] };
    expect(found([target("a", wants), target("b", wants)], { engine: nodes })).toMatchObject([
      {
        severity: "warning",
        code: "plan.platform",
        summary: 'no node of builder "b" runs linux/s390x, which target a and 1 more asks for',
        detail: "it is built on node n0, where RUN steps for it fail",
      },
    ]);
  });

  test("are not known while no engine was asked", () => {
    expect(found([target("a", { platforms: ["linux/s390x"] })], { engine: undefined })).toEqual([]);
    expect(found([target("a", { platforms: ["linux/s390x"] })], { engine: builder(node({ loaded: false, platforms: [] })) })).toEqual([]);
  });
});
