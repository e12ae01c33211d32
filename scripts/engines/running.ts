/** Engines that outlive the process which started them, and what was left behind by processes that died. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning, runsIn } from "./daemon.ts";
import type { EngineLayout } from "./folder.ts";
import { startDockerd, stopAll } from "./start.ts";

export const demoFolder = (layout: EngineLayout): string => join(layout.run, "demo");

/** The address of a private docker engine, which runs until it is stopped; its cache is kept no longer. */
export async function startDemoEngine(layout: EngineLayout): Promise<string> {
  const folder = demoFolder(layout);
  const note = join(folder, "address");
  if (runsIn(join(folder, "dockerd")) && existsSync(note)) return readFileSync(note, "utf8");
  await stopAll(layout, folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address = await startDockerd({ layout, folder, store: "containerd", detached: true });
  writeFileSync(note, address);
  return address;
}

/** A folder for the engines of this process, named so that its end can be noticed. */
export function ownFolder(layout: EngineLayout): string {
  const folder = join(layout.run, `of-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Stops the engines of the given folders and those whose process is gone. */
export async function stopLeftovers(layout: EngineLayout, folders: readonly string[]): Promise<void> {
  const names = existsSync(layout.run) ? readdirSync(layout.run) : [];
  const orphans = names.filter((name) => /^of-\d+$/.test(name) && !isRunning(Number(name.slice(3)))).map((name) => join(layout.run, name));
  for (const folder of new Set([...folders, ...orphans])) await stopAll(layout, folder);
}
