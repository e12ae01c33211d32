/** One node of a builder: booted, connected and asked once, when it is first needed. */
import type { Channel } from "@grpc/grpc-js";
import { setTimeout as sleep } from "node:timers/promises";
import { BakeError } from "../../diagnostics.ts";
import type { StatusEvent } from "../../events.ts";
import type { NodeFacts } from "../../planner/facts.ts";
import { ControlClient } from "../buildkit/client.ts";
import { SolveError, status } from "../buildkit/errors.ts";
import { GatewayClient } from "../buildkit/gateway.ts";
import { newId } from "../buildkit/id.ts";
import type { Platform, Pong } from "../buildkit/messages.ts";
import type { Driver } from "./driver.ts";
import { ClientVertex } from "./client-vertex.ts";
import { loadedNode, unloadedNode } from "./node-facts.ts";
import { ConnectionPool, type Lease } from "./pool.ts";
import type { BuilderNode } from "./resolve-builder.ts";

const readyTimeoutMs = 20_000;
const readyPauseMs = 1000;
const capabilitiesTimeoutMs = 30_000;

export interface NodeOptions {
  readonly signal?: AbortSignal;
  readonly emit?: (event: StatusEvent) => void;
}

export class EngineNode {
  readonly #node: BuilderNode;
  readonly #options: NodeOptions;
  #pool: ConnectionPool | undefined;
  #loading: Promise<void> | undefined;
  #facts: NodeFacts;

  constructor(node: BuilderNode, options: NodeOptions) {
    this.#node = node;
    this.#options = options;
    this.#facts = unloadedNode(node.name, node.driver.name, node.platforms.map(normalPlatform), node.defaultLoad);
  }

  get name(): string {
    return this.#node.name;
  }

  get driver(): Driver {
    return this.#node.driver;
  }

  get facts(): NodeFacts {
    return this.#facts;
  }

  /** A channel for short calls. */
  get channel(): Channel {
    return this.#connected.channel;
  }

  lease(builds: number): readonly Lease[] {
    return this.#connected.lease(builds);
  }

  /** Boots, connects and asks the node; once. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async close(): Promise<void> {
    // A node that is still being connected is closed once it is.
    await this.#loading?.catch(() => undefined);
    this.#pool?.close();
    await this.#node.driver.close?.();
  }

  get #connected(): ConnectionPool {
    if (!this.#pool) throw new BakeError("engine.node", `node ${this.name} was not prepared`);
    return this.#pool;
  }

  async #load(): Promise<void> {
    const { signal, emit } = this.#options;
    const { driver, platforms, defaultLoad, name } = this.#node;
    await driver.boot?.({ ...(signal ? { signal } : {}), ...(emit ? { emit } : {}) });
    const pool = await ConnectionPool.open(driver, signal);
    this.#pool = pool;
    const control = new ControlClient(pool.channel);
    const version = await this.#waitForAnswer(control);
    const [workers, pong] = await Promise.all([control.listWorkers(this.#call), this.#capabilities(control, pool.channel)]);
    this.#facts = loadedNode({
      name,
      driver: driver.name,
      configuredPlatforms: platforms.map(normalPlatform),
      defaultLoad,
      platforms: workers.flatMap((worker) => worker.platforms.map(platformText)),
      labels: workers[0]?.labels ?? {},
      capabilities: pong ? [...pong.llbCapabilities, ...pong.frontendCapabilities] : [],
      version,
    });
  }

  get #call(): { signal?: AbortSignal } {
    return this.#options.signal ? { signal: this.#options.signal } : {};
  }

  /** Version of the daemon, once it answers; daemons before 0.11 do not tell theirs. */
  async #waitForAnswer(control: ControlClient): Promise<string> {
    const { emit, signal } = this.#options;
    let vertex: ClientVertex | undefined;
    const ask = async (): Promise<string> => {
      for (const deadline = Date.now() + readyTimeoutMs; ; ) {
        try {
          return (await control.info(this.#call))?.version ?? "";
        } catch (error) {
          if (error instanceof SolveError && error.code === status.unimplemented) return "";
          if (!(error instanceof SolveError) || error.code !== status.unavailable) throw error;
          // A dial that failed says why; only an engine that is still starting is waited for.
          const failure = this.#connected.dialFailure;
          if (failure || Date.now() > deadline)
            throw failure ?? new BakeError("engine.connect", `failed to connect to ${this.driver.endpoint}: ${error.message}`, { cause: error });
          vertex ??= emit && new ClientVertex("[internal] waiting for connection", undefined, emit);
          await sleep(readyPauseMs, undefined, signal && { signal });
        }
      }
    };
    try {
      const version = await ask();
      vertex?.end();
      return version;
    } catch (error) {
      vertex?.end((error as Error).message);
      throw error;
    }
  }

  /** Capabilities, asked by an internal build that does nothing else (spec/buildkit.md 4.4); undefined for the oldest daemons. */
  async #capabilities(control: ControlClient, channel: Channel): Promise<Pong | undefined> {
    const ref = newId();
    const over = new AbortController();
    const { signal: outer } = this.#options;
    const signal = AbortSignal.any([...(outer ? [outer] : []), over.signal, AbortSignal.timeout(capabilitiesTimeoutMs)]);
    const gateway = new GatewayClient(channel, ref);
    const empty = { frontendAttributes: {}, exporters: [], cacheExports: [], cacheImports: [], entitlements: [] };
    const solving = control.solve({ ref, session: "", internal: true, ...empty }, { signal });
    const failed = solving.then(() => undefined);
    failed.catch(() => undefined);
    try {
      const pong = await Promise.race([gateway.ping({ signal }), failed]);
      await gateway.return(undefined, { signal });
      await solving;
      return pong;
    } catch (error) {
      if (error instanceof SolveError && error.code === status.unimplemented) return undefined;
      throw error;
    } finally {
      over.abort();
    }
  }
}

function platformText({ os, architecture, variant }: Platform): string {
  return normalPlatform([os, architecture, ...(variant === "" ? [] : [variant])].join("/"));
}

/** Variants that mean the same as none are dropped; a bare `arm` is `arm/v7`. */
function normalPlatform(platform: string): string {
  const [os = "", architecture = "", variant = ""] = platform.split("/");
  if ((architecture === "arm64" && variant === "v8") || (architecture === "amd64" && variant === "v1")) return `${os}/${architecture}`;
  if (architecture === "arm" && variant === "") return `${os}/arm/v7`;
  return platform;
}
