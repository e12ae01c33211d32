/** What stays on this machine of a build, for tools that look at its history: the same files as the reference leaves. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess, type Run } from "./rig.ts";
import { storeBuilder } from "./run-builder.ts";

const definition =
  'group "default" {\n  targets = ["app", "inline"]\n}\ntarget "base" {}\ntarget "app" {\n  context = "sub"\n  dockerfile = "../Dockerfile"\n  contexts = { base = "target:base" }\n}\n' +
  'target "inline" {\n  dockerfile-inline = "FROM scratch\\nCOPY file /\\n"\n}\n';
const files = { "docker-bake.hcl": definition, Dockerfile: "FROM scratch\nCOPY file /\n", file: "x", "sub/file": "x" };

interface Left {
  readonly version: string;
  readonly builds: readonly unknown[];
  readonly group: unknown;
  readonly modes: readonly string[];
  readonly activity: string;
}

/** The files of the store, with names for what is random. */
function leftIn(store: string, cwd: string): Left {
  const refs = join(store, "refs");
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const node = join(refs, "kept/kept0");
  const [group = ""] = readdirSync(join(refs, "__group__"));
  const named = (text: string): string => text.replaceAll(group, "GROUP").replaceAll(cwd, "/PROJECT");
  const builds = readdirSync(node).map((ref) => ({ ref, state: JSON.parse(named(readFileSync(join(node, ref), "utf8"))) as { readonly Target: string } }));
  builds.sort((a, b) => (a.state.Target < b.state.Target ? -1 : 1));
  const { Refs, ...rest } = JSON.parse(readFileSync(join(refs, "__group__", group), "utf8")) as { readonly Refs: readonly string[] };
  const targetOf = new Map(builds.map(({ ref, state }) => [ref, state.Target]));
  return {
    version: readFileSync(join(refs, "version"), "utf8"),
    builds: builds.map(({ state }) => state),
    group: { ...rest, Refs: Refs.map((ref) => targetOf.get(ref)).sort() },
    modes: [mode(join(refs, "version")), mode(join(node, builds[0]?.ref ?? "")), mode(join(refs, "__group__", group))],
    activity: readFileSync(join(store, "activity/kept"), "utf8").replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "TIME"),
  };
}

describeEngines("what a build leaves", ["buildkitd"], (engine) => {
  test("are its places and its group, as the reference leaves them", async () => {
    const cwd = engine.project(files);
    const after = async (bake: (env: Readonly<Record<string, string>>) => Promise<Run>): Promise<Left> => {
      const env = storeBuilder("kept", [{ endpoint: engine.address }]);
      expectSuccess(await bake(env));
      return leftIn(env["BUILDX_CONFIG"] ?? "", cwd);
    };
    const args = ["app", "inline", "--progress=quiet", "--metadata-file=meta.json"];
    const ours = await after((env) => engine.tsbake(args, { cwd, env }));
    const state = (Target: string, LocalPath: string, DockerfilePath: string): object => ({ Target, LocalPath, DockerfilePath, GroupRef: "GROUP" });
    expect(ours).toEqual({
      version: "2",
      builds: [
        state("app", "/PROJECT/sub", "/PROJECT/Dockerfile"),
        state("base", "/PROJECT", "/PROJECT/Dockerfile"),
        state("inline", "/PROJECT", "/PROJECT/Dockerfile"),
      ],
      group: { Targets: ["app", "inline"], Refs: ["app", "base", "inline"] },
      modes: ["600", "644", "600"],
      activity: "TIME",
    });
    const metadata = JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    expect(metadata["app"]?.["buildx.build.ref"]).toMatch(/^kept\/kept0\/[0-9a-z]{25}$/);
    if (engine.hasReference) expect(await after((env) => engine.reference(args, { cwd, env }))).toEqual(ours);
  });

  test("is nothing for a call", async () => {
    const env = storeBuilder("kept", [{ endpoint: engine.address }]);
    expectSuccess(await engine.tsbake(["inline", "--call=outline"], { cwd: engine.project(files), env }));
    expect(readdirSync(env["BUILDX_CONFIG"] ?? "")).not.toContain("refs");
  });
});
