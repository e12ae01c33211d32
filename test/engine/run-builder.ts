/** Builders in a store of their own, written as the reference writes them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./rig.ts";

export interface BuilderNode {
  readonly endpoint: string;
  readonly platform?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** Flags of the daemon. */
  readonly flags?: readonly string[];
  /** Configuration files, in base64. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Stores a builder as the reference does; gives the environment that finds it. */
export function storeBuilder(name: string, nodes: readonly BuilderNode[], driver = "remote"): Readonly<Record<string, string>> {
  const store = temporaryFolder();
  mkdirSync(join(store, "instances"));
  const Nodes = nodes.map(({ endpoint, platform, options, flags, files }, index) => ({
    Name: `${name}${index}`,
    Endpoint: endpoint,
    Platforms: platform === undefined ? null : [{ os: platform.split("/")[0], architecture: platform.split("/")[1] }],
    DriverOpts: options ?? null,
    Flags: flags ?? null,
    Files: files ?? null,
  }));
  writeFileSync(join(store, "instances", name), JSON.stringify({ Name: name, Driver: driver, Nodes, Dynamic: false }));
  return { BUILDX_CONFIG: store, BUILDX_BUILDER: name };
}
