/**
 * Provides engines for all engine suites, once: private ones that are started here and ended afterwards where their programs are
 * installed, otherwise those of the machine. TSBAKE_TEST_ENGINES chooses: `required` makes a missing engine a failure, a list
 * such as `dockerd,buildkitd` uses only these.
 */
import type { TestProject } from "vitest/node";
import { findBusybox } from "../../scripts/engines/busybox.ts";
import { engineLayout, type EngineLayout } from "../../scripts/engines/folder.ts";
import { findBuildkit, findDocker } from "../../scripts/engines/found.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { ownFolder, stopLeftovers } from "../../scripts/engines/running.ts";
import { startBuildkitd, startDockerd, startRegistry } from "../../scripts/engines/start.ts";
import { findReference } from "../fuzz/reference.ts";

export type EngineKind = "dockerd" | "dockerd-classic" | "buildkitd";

/** Something that suites need: there, or the reason why not. */
export type Provided = { readonly value: string; readonly own: boolean } | { readonly missing: string };

export interface ProvidedEngines {
  readonly engines: Readonly<Record<EngineKind, Provided>>;
  /** `127.0.0.1:PORT`. */
  readonly registry: Provided;
  /** The reference's program. */
  readonly reference: Provided;
  /** A static busybox for images from scratch. */
  readonly busybox: Provided;
  readonly required: boolean;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly engines: ProvidedEngines;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const layout = engineLayout(process.env);
  const folder = ownFolder(layout);
  const stop = (): Promise<void> => stopLeftovers(layout, [folder]);
  try {
    await stopLeftovers(layout, []);
    project.provide("engines", await provide(layout, folder));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function provide(layout: EngineLayout, folder: string): Promise<ProvidedEngines> {
  const choice = process.env["TSBAKE_TEST_ENGINES"] ?? "";
  const required = choice === "required";
  const chosen = choice === "" || required ? undefined : new Set(choice.split(","));
  const programs = findPrograms(layout, process.env);
  const [docker, buildkit] = await Promise.all([findDocker(), findBuildkit()]);
  const root = process.getuid?.() === 0;
  const options = { layout, folder };

  const engine = async (kind: EngineKind, program: string | undefined, start: () => Promise<string>): Promise<Provided> => {
    if (chosen && !chosen.has(kind)) return { missing: "not among TSBAKE_TEST_ENGINES" };
    if (program !== undefined && programs.runc !== undefined && root) return { value: await start(), own: true };
    for (const found of [docker, buildkit]) if (found?.kind === kind) return { value: found.address, own: false };
    return { missing: `no ${kind} answers and none is installed (npm run engines)` };
  };
  const [dockerd, classic, buildkitd, registry] = await Promise.all([
    engine("dockerd", programs.dockerd, () => startDockerd({ ...options, store: "containerd" })),
    engine("dockerd-classic", programs.dockerd, () => startDockerd({ ...options, store: "classic" })),
    engine("buildkitd", programs.buildkitd, () => startBuildkitd(options)),
    programs.registry === undefined ? undefined : startRegistry(options),
  ]);
  const reference = findReference();
  const busybox = findBusybox(layout);
  return {
    engines: { dockerd, "dockerd-classic": classic, buildkitd },
    registry: registry === undefined ? { missing: "no registry is installed (npm run engines)" } : { value: registry, own: true },
    reference: reference ? { value: reference.path, own: true } : { missing: "the reference is not installed (npm run engines, where Go is)" },
    busybox: busybox === undefined ? { missing: "no static busybox is installed (npm run engines)" } : { value: busybox, own: true },
    required,
  };
}
