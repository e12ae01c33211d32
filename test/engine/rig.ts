/**
 * What engine suites share: `describeEngines` registers a suite once for each kind of engine that is there and names what it
 * skips; `EngineRig` runs tsbake (and the reference) against that engine in temporary projects.
 *
 *   describeEngines("secrets", ["dockerd", "buildkitd"], (engine) => {
 *     test("reach a step", async () => {
 *       const cwd = engine.project({ "docker-bake.hcl": "...", "Dockerfile": "FROM tools\n..." });
 *       expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
 *     });
 *   });
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, inject, test } from "vitest";
import { copyBusybox } from "../../scripts/engines/busybox.ts";
import { project, type Run, type RunOptions, type Running, start, startTsbake, temporaryFolder } from "../cli/rig.ts";
import type { EngineKind, Provided, ProvidedEngines } from "./rig-setup.ts";

export { expectSuccess, type Run, type RunOptions, type Running, temporaryFolder } from "../cli/rig.ts";
export { freePort } from "../../scripts/engines/start.ts";
export type { EngineKind } from "./rig-setup.ts";

/** What a suite needs beside an engine. */
export type Need = "registry" | "reference" | "busybox";

export interface SuiteOptions {
  /** A shell for images from scratch is needed by nearly all, and so is the default. */
  readonly needs?: readonly Need[];
}

export class EngineRig {
  readonly kind: EngineKind;
  /** `unix:///...`: for DOCKER_HOST, or (buildkitd) for `--builder`. */
  readonly address: string;
  /** Started for the tests alone: pruning it hurts nobody. */
  readonly own: boolean;
  readonly #provided: ProvidedEngines;

  constructor(kind: EngineKind, provided: ProvidedEngines) {
    this.kind = kind;
    const engine = provided.engines[kind];
    this.address = "value" in engine ? engine.value : "";
    this.own = "value" in engine && engine.own;
    this.#provided = provided;
  }

  /** Whether images are kept by the engine, as dockerd does, or only built. */
  get isDocker(): boolean {
    return this.kind !== "buildkitd";
  }

  /** `127.0.0.1:PORT` of a registry that takes everything. */
  get registry(): string {
    return valueOf(this.#provided.registry);
  }

  /** The environment that makes tsbake use this engine. */
  get env(): Readonly<Record<string, string>> {
    return this.isDocker ? { DOCKER_HOST: this.address } : { BUILDX_BUILDER: this.address };
  }

  /** A temporary project; `tools/bin/busybox` is in it, as a context for images from scratch. */
  project(files: Readonly<Record<string, string | Uint8Array>>): string {
    const folder = project(files);
    if ("value" in this.#provided.busybox) copyBusybox(this.#provided.busybox.value, join(folder, "tools"));
    return folder;
  }

  /** Runs tsbake on this engine to its end. */
  tsbake(args: readonly string[], options: RunOptions): Promise<Run> {
    return this.startTsbake(args, options).done;
  }

  startTsbake(args: readonly string[], options: RunOptions): Running {
    return startTsbake(args, { timeout: 120_000, ...options, env: { ...this.env, ...options.env } });
  }

  get hasReference(): boolean {
    return "value" in this.#provided.reference;
  }

  /** Runs `buildx bake` of the reference on this engine to its end. */
  reference(args: readonly string[], options: RunOptions): Promise<Run> {
    return this.#runReference(["bake", ...args], options);
  }

  /** Empties the build cache of an engine that was started for the tests; one of somebody's is left as it is. */
  async prune(): Promise<void> {
    if (!this.own) return;
    const { exit, story } = await this.#runReference(["prune", "--all", "--force"], { cwd: temporaryFolder() });
    if (exit !== 0) throw new Error(story);
  }

  #runReference(args: readonly string[], options: RunOptions): Promise<Run> {
    const program = valueOf(this.#provided.reference);
    const env = { ...(this.isDocker ? { DOCKER_HOST: this.address } : this.#remoteBuilder(program)), ...options.env };
    return start([program, ...args], { timeout: 120_000, ...options, env }).done;
  }

  /** The reference takes addresses only from its store. */
  #remoteBuilder(program: string): Readonly<Record<string, string>> {
    const store = join(temporaryFolder(), "buildx");
    mkdirSync(store);
    const env = { BUILDX_CONFIG: store, BUILDX_BUILDER: "rig" };
    const made = spawnSync(program, ["create", "--name", "rig", "--driver", "remote", this.address], {
      env: { PATH: process.env["PATH"], HOME: store, ...env },
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Error(`the reference cannot store a builder: ${made.stderr}`);
    return env;
  }
}

const valueOf = (provided: Provided): string => {
  if ("missing" in provided) throw new Error(provided.missing);
  return provided.value;
};

/** Registers a suite for each kind of engine that is there; others become a skipped test that says why, or a failed one where engines are required. */
export function describeEngines(
  title: string,
  kinds: readonly EngineKind[],
  suite: (engine: EngineRig) => void,
  { needs = ["busybox"] }: SuiteOptions = {},
): void {
  const provided = inject("engines");
  for (const kind of kinds) {
    const reasons = [provided.engines[kind], ...needs.map((need) => provided[need])].flatMap((part) => ("missing" in part ? [part.missing] : []));
    describe(`${title} on ${kind}`, () => {
      if (reasons.length === 0) suite(new EngineRig(kind, provided));
      else if (provided.required) test(`cannot run: ${reasons.join("; ")}`, () => Promise.reject(new Error(reasons.join("; "))));
      else test.skip(`skipped: ${reasons.join("; ")}`);
    });
  }
}
