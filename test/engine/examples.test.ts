/**
 * The examples, built by tsbake and by the reference on the same engine: every image has the same digest. Where the reference is
 * not installed, digests recorded from it are expected (TSBAKE_RECORD=1 records those of this machine's engines).
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { connect, nodeHost } from "../../src/index.ts";
import { engineApi } from "../../src/runner/engine/docker.ts";
import { tsbake } from "../cli/rig.ts";
import { busyboxDigest, copyExample, digestsOf, REPRODUCIBLE } from "./examples-rig.ts";
import { describeEngines, type EngineRig, expectSuccess } from "./rig.ts";

type Digests = Readonly<Record<string, string>>;

const RECORDED = join(import.meta.dirname, "examples-digests.json");
const hasReference = "value" in inject("engines").reference;

/** Bakes every target of an example to an archive, also those that are only built on or written to a folder; gives the digests. */
async function bakeDigests(bake: EngineRig["tsbake"], example: string): Promise<Digests> {
  const cwd = copyExample(example);
  const { target } = JSON.parse(expectSuccess(await tsbake(["--print"], { cwd })).stdout) as { readonly target: object };
  const archives = Object.keys(target).flatMap((name) => ["--set", `${name}.output=type=oci,rewrite-timestamp=true,dest=${name}.tar`]);
  expectSuccess(await bake([...archives, "--progress=plain", "--metadata-file", "metadata.json"], { cwd, env: REPRODUCIBLE }));
  return digestsOf(join(cwd, "metadata.json"));
}

/** What recorded digests depend on beside the example. */
async function recordKey(engine: EngineRig): Promise<string> {
  return `${engine.kind} ${await engineVersion(engine)} ${process.arch} busybox ${busyboxDigest()}`;
}

async function engineVersion(engine: EngineRig): Promise<string> {
  if (engine.isDocker) return (await engineApi({ name: "rig", host: engine.address }).info()).version;
  const connected = await connect({ builder: engine.address }, { host: nodeHost() });
  try {
    return (await connected.prepare({ platforms: [[]] })).nodes[0]?.version ?? "";
  } finally {
    await connected.close();
  }
}

const readRecorded = (): Record<string, Record<string, Digests>> =>
  existsSync(RECORDED) ? (JSON.parse(readFileSync(RECORDED, "utf8")) as Record<string, Record<string, Digests>>) : {};

describeEngines("examples", ["dockerd", "buildkitd"], (engine) => {
  describe.each([
    { example: "monorepo", count: 13 },
    { example: "hello", count: 1 },
    { example: "ci-matrix", count: 3 },
  ])("$example", ({ example, count }) => {
    test("has the digests that the reference gives", { timeout: 300_000 }, async (context) => {
      const key = await recordKey(engine);
      const recorded = readRecorded();
      const known = recorded[key]?.[example];
      if (!hasReference && known === undefined) return context.skip(`no reference is installed, and no digests are recorded for ${key}`);
      const want = hasReference ? await bakeDigests(engine.reference.bind(engine), example) : known;
      expect(Object.keys(want ?? {})).toHaveLength(count);
      if (hasReference) await engine.prune();
      expect(await bakeDigests(engine.tsbake.bind(engine), example)).toEqual(want);
      if (hasReference && process.env["TSBAKE_RECORD"]) {
        writeFileSync(RECORDED, `${JSON.stringify({ ...recorded, [key]: { ...recorded[key], [example]: want } }, undefined, 2)}\n`);
      }
    });
  });

  test("the handbook is written as the reference writes it, times and modes included", async (context) => {
    if (!hasReference) return context.skip("no reference is installed");
    const folders = [];
    for (const bake of [engine.reference.bind(engine), engine.tsbake.bind(engine)]) {
      const cwd = copyExample("monorepo");
      expectSuccess(await bake(["handbook", "--progress=plain"], { cwd, env: REPRODUCIBLE }));
      folders.push(listing(join(cwd, "out/handbook")));
    }
    expect(folders[0]?.map(({ path }) => path)).toEqual(["index.html", "mail.html", "orders.html"]);
    expect(folders[1]).toEqual(folders[0]);
  });
});

function listing(folder: string): readonly { readonly path: string; readonly text: string; readonly mode: number; readonly modified: number }[] {
  return readdirSync(folder)
    .sort()
    .map((path) => {
      const { mode, mtimeMs } = statSync(join(folder, path));
      return { path, text: readFileSync(join(folder, path), "utf8"), mode, modified: mtimeMs };
    });
}
