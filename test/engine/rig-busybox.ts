/** A static busybox, which gives images from scratch a shell, so that no test pulls an image. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";

/** The installed one, or the machine's when it is static. */
export function findBusybox(): string | undefined {
  const { busybox } = findPrograms(engineLayout(process.env), process.env);
  return busybox ?? ["/bin/busybox", "/usr/bin/busybox"].find((path) => existsSync(path) && !readFileSync(path).includes("/ld-linux"));
}

/** Makes `folder` a context that holds `bin/busybox`. */
export function copyBusybox(busybox: string, folder: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  copyFileSync(busybox, join(folder, "bin/busybox"));
  chmodSync(join(folder, "bin/busybox"), 0o755);
}
