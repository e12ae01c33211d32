/** Builders in a store of their own, written as the reference writes them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./rig.ts";

/** Stores a builder as the reference does; gives the environment that finds it. */
export function storeBuilder(
  name: string,
  nodes: readonly { readonly endpoint: string; readonly platform?: string; readonly options?: Readonly<Record<string, string>> }[],
): Readonly<Record<string, string>> {
  const store = temporaryFolder();
  mkdirSync(join(store, "instances"));
  const Nodes = nodes.map(({ endpoint, platform, options }, index) => ({
    Name: `${name}${index}`,
    Endpoint: endpoint,
    Platforms: platform === undefined ? null : [{ os: platform.split("/")[0], architecture: platform.split("/")[1] }],
    DriverOpts: options ?? null,
    Flags: null,
    Files: null,
  }));
  writeFileSync(join(store, "instances", name), JSON.stringify({ Name: name, Driver: "remote", Nodes, Dynamic: false }));
  return { BUILDX_CONFIG: store, BUILDX_BUILDER: name };
}
