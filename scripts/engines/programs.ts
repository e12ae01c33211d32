/** Which engine programs there are, and the environment in which they find each other. */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { EngineLayout } from "./folder.ts";
import { GO_PROGRAMS, goProgramPath } from "./golang.ts";

/** Paths of programs; those that are neither in the private folder nor on PATH are absent. */
export interface Programs {
  readonly dockerd?: string;
  readonly buildkitd?: string;
  readonly registry?: string;
  readonly busybox?: string;
  readonly runc?: string;
  /** The reference in exactly the version that ours is compared with. */
  readonly reference?: string;
  /** The evaluator of policies. */
  readonly opa?: string;
}

export function findPrograms(layout: EngineLayout, env: NodeJS.ProcessEnv): Programs {
  const unpacked = existsSync(join(layout.packages, "complete"));
  const fromPackage = (...paths: readonly string[]): string | undefined =>
    unpacked ? paths.map((path) => join(layout.packages, path)).find(isProgram) : undefined;
  const built = (name: string): string | undefined => {
    const program = GO_PROGRAMS.find((candidate) => candidate.name === name);
    const path = program && goProgramPath(layout, program);
    return path !== undefined && isProgram(path) ? path : undefined;
  };
  const found = {
    dockerd: fromPackage("usr/sbin/dockerd", "usr/bin/dockerd"),
    buildkitd: built("buildkitd") ?? onPath("buildkitd", env),
    registry: fromPackage("usr/bin/docker-registry") ?? onPath("docker-registry", env),
    busybox: fromPackage("bin/busybox", "usr/bin/busybox"),
    runc: fromPackage("usr/sbin/runc", "usr/bin/runc") ?? onPath("runc", env),
    reference: built("buildx"),
    opa: (built("opa") && isProgram(join(layout.bin, "opa")) ? join(layout.bin, "opa") : undefined) ?? onPath("opa", env),
  };
  return Object.fromEntries(Object.entries(found).filter(([, path]) => path !== undefined));
}

/** The environment of an engine: its helpers first on PATH, and the libraries that came with them. */
export function engineEnvironment(layout: EngineLayout, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const of = (...paths: readonly string[]): string => paths.map((path) => join(layout.packages, path)).join(delimiter);
  const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  return {
    ...env,
    PATH: [layout.bin, of("usr/sbin", "usr/bin", "bin"), env["PATH"]].join(delimiter),
    LD_LIBRARY_PATH: of(`usr/lib/${triplet}`, `lib/${triplet}`),
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: the same as absent.
    return false;
  }
}

function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isProgram);
}
