/** A static busybox, which gives images from scratch a shell, so that neither examples nor tests pull one. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineLayout } from "./folder.ts";
import { findPrograms } from "./programs.ts";

/** The installed one, or the machine's when it is static. */
export function findBusybox(layout: EngineLayout): string | undefined {
  const { busybox } = findPrograms(layout, process.env);
  return busybox ?? ["/bin/busybox", "/usr/bin/busybox"].find((path) => existsSync(path) && !readFileSync(path).includes("/ld-linux"));
}

/** Makes `folder` a context that holds `bin/busybox`. */
export function copyBusybox(busybox: string, folder: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  copyFileSync(busybox, join(folder, "bin/busybox"));
  chmodSync(join(folder, "bin/busybox"), 0o755);
}
