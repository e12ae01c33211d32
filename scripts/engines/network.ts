/** A network bridge for a private dockerd, so that two of them, and the machine's own, do not share one. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { runCommand, SetupError } from "./progress.ts";

/** Makes a bridge and notes its name in the folder, from which `removeBridge` takes it. */
export async function makeBridge(busybox: string, folder: string): Promise<string> {
  const taken = new Set(Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)));
  for (let index = 1; index < 100; index++) {
    const name = `tsbake${index}`;
    const address = `10.253.${index}.1`;
    if (taken.has(address) || existsSync(`/sys/class/net/${name}`)) continue;
    // Somebody else may have taken the name since; then the next one will do.
    if (spawnSync(busybox, ["ip", "link", "add", "name", name, "type", "bridge"], { stdio: "ignore" }).status !== 0) continue;
    writeFileSync(join(folder, "bridge"), name);
    await runCommand(busybox, ["ip", "addr", "add", `${address}/24`, "dev", name]);
    return name;
  }
  throw new SetupError("cannot make a network bridge for a private docker engine");
}

export function removeBridge(busybox: string, folder: string): void {
  const file = join(folder, "bridge");
  if (!existsSync(file)) return;
  spawnSync(busybox, ["ip", "link", "del", readFileSync(file, "utf8")], { stdio: "ignore" });
  rmSync(file);
}
