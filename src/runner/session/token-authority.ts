/**
 * The key by which an engine recognises later builds of the same user, so that it may use tokens it has
 * (spec/buildkit.md 6.6). The seed is random for each registry and stays in the docker configuration.
 */
import { createHmac, createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Host } from "../../host.ts";
import { dockerConfigDirectory } from "../engine/docker-context.ts";
import { temporaryName } from "./atomic-file.ts";

const seedBytes = 16;
/** DER in front of the 32 bytes of an Ed25519 seed. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const rawKeyBytes = 32;

export interface Authority {
  readonly publicKey: Buffer;
  /** The signature and the payload behind it. */
  sign(payload: Uint8Array): Buffer;
}

/** The authority for a salt of the engine. Everyone without a secret has the same. */
export function authorityOf(seed: Uint8Array | undefined, salt: Uint8Array): Authority {
  const mac = createHmac("sha256", salt);
  if (seed) mac.update(seed);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, mac.digest()]), format: "der", type: "pkcs8" });
  return { publicKey: rawPublicKey(key), sign: (payload) => Buffer.concat([sign(undefined, payload, key), payload]) };
}

const rawPublicKey = (key: KeyObject): Buffer => createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-rawKeyBytes);

type SeedFile = Record<string, { readonly Seed?: string }>;

/** The seeds of one configuration directory. */
export class TokenSeeds {
  readonly #path: string;
  /** Seeds that could not be written stay for this run. */
  readonly #known = new Map<string, Buffer>();

  constructor(host: Host) {
    this.#path = `${dockerConfigDirectory(host)}/.token_seed`;
  }

  /** The seed of a registry, made when there is none. A file system that cannot be written to is no failure. */
  get(registry: string): Buffer {
    const known = this.#known.get(registry);
    if (known) return known;
    const file = this.#read();
    const stored = Object.hasOwn(file, registry) ? Buffer.from(file[registry]?.Seed ?? "", "base64") : undefined;
    const seed = stored && stored.length > 0 ? stored : randomBytes(seedBytes);
    this.#known.set(registry, seed);
    if (seed !== stored) this.#write({ ...file, [registry]: { Seed: seed.toString("base64") } });
    return seed;
  }

  #read(): SeedFile {
    try {
      return JSON.parse(readFileSync(this.#path, "utf8")) as SeedFile;
    } catch {
      return {};
    }
  }

  #write(file: SeedFile): void {
    const temporary = temporaryName(this.#path);
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, JSON.stringify(file, undefined, 2), { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}
