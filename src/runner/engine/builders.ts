/**
 * The reference's builder store on disk (spec/buildkit.md 1.6): reads node groups and the current
 * builder, and records activity. Creating and removing builders belongs to their own commands.
 */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, openSync, closeSync, fsyncSync, renameSync, writeSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { currentEndpointKey, dockerConfigDirectory } from "./docker-context.ts";

export interface StoredPlatform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

export interface StoredNode {
  readonly Name: string;
  readonly Endpoint: string;
  readonly Platforms: readonly StoredPlatform[] | null;
  readonly DriverOpts: Readonly<Record<string, string>> | null;
  readonly Flags: readonly string[] | null;
  readonly Files: Readonly<Record<string, string>> | null;
}

export interface StoredBuilder {
  readonly Name: string;
  readonly Driver: string;
  readonly Nodes: readonly StoredNode[];
  readonly Dynamic: boolean;
}

const namePattern = /^[a-zA-Z][a-zA-Z0-9.\-_]*$/;

/** `$BUILDX_CONFIG`, else `buildx` in the docker configuration directory. */
export const storeRoot = (host: Host): string => host.env["BUILDX_CONFIG"] || `${dockerConfigDirectory(host)}/buildx`;

/** A stored builder; undefined when there is none of the name. Throws for names the store cannot hold. */
export function readBuilder(host: Host, name: string): StoredBuilder | undefined {
  if (!namePattern.test(name)) {
    throw new BakeError("builder.name", `invalid name ${name}, name needs to start with a letter and may not contain symbols, except ._-`);
  }
  return readJson<StoredBuilder>(host, `${storeRoot(host)}/instances/${name.toLowerCase()}`);
}

/** Name of the stored builder that is current for this docker endpoint; undefined when the docker context itself is (1.6, steps 1 to 3). */
export function currentBuilder(host: Host): string | undefined {
  const root = storeRoot(host);
  const key = currentEndpointKey(host);
  const current = readJson<{ Key?: string; Name?: string; Global?: boolean }>(host, `${root}/current`);
  if (current?.Name) {
    const exists = namePattern.test(current.Name) && readBuilder(host, current.Name) !== undefined;
    if (current.Global === true && exists) return current.Name;
    if (current.Key === key) return exists ? current.Name : undefined;
  } else if (current?.Key === key) {
    return undefined;
  }
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 20);
  const path = `${root}/defaults/${hash}`;
  if (host.stat(path)?.kind !== "file") return undefined;
  const name = Buffer.from(host.readFile(path)).toString("utf8").trim();
  return namePattern.test(name) && readBuilder(host, name) ? name : undefined;
}

/** Remembers that a builder was used; a store that cannot be written is no error. */
export function recordActivity(host: Host, name: string): void {
  const time = new Date(host.now()).toISOString().replace(/\.\d+Z$/, "Z");
  try {
    writeAtomic(`${storeRoot(host)}/activity/${name.toLowerCase()}`, time, 0o600);
  } catch {
    // Read-only homes build as well; only `ls` shows the time.
  }
}

/** This machine's build node id: 16 hex digits, made on first use (1.6). */
export function buildNodeId(host: Host): string {
  const path = `${storeRoot(host)}/.buildNodeID`;
  if (host.stat(path)?.kind === "file") return Buffer.from(host.readFile(path)).toString("utf8");
  const id = randomBytes(8).toString("hex");
  try {
    writeAtomic(path, id, 0o600);
  } catch {
    // Without a writable store the id lives for this run only.
  }
  return id;
}

/**
 * Writes a file whole or not at all: a temporary file beside it, synced, then renamed. Directories are made 0700.
 * `synced: false` is for files that may be lost when the machine goes down: waiting for the disk blocks everything else.
 */
export function writeAtomic(path: string, data: string | Uint8Array, mode: number, { synced = true }: { readonly synced?: boolean } = {}): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.tmp${randomBytes(6).toString("hex")}`;
  const file = openSync(temporary, "wx", mode);
  try {
    try {
      const bytes = Buffer.from(data as Uint8Array);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      if (synced) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

function readJson<T>(host: Host, path: string): T | undefined {
  if (host.stat(path)?.kind !== "file") return undefined;
  try {
    return JSON.parse(Buffer.from(host.readFile(path)).toString("utf8")) as T;
  } catch (error) {
    throw new BakeError("builder.store", `failed to parse ${path}: ${(error as Error).message}`, { cause: error });
  }
}
