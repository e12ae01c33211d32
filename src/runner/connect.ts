/**
 * A builder as the runner uses it: its nodes, connected when they are needed, and what they can do.
 * Platforms are matched on the configuration first; only the nodes that are then needed are booted.
 */
import type { Channel } from "@grpc/grpc-js";
import { BakeError } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";
import type { Host } from "../host.ts";
import type { EngineFacts } from "../planner/facts.ts";
import { neededNodes } from "../planner/platforms.ts";
import { currentContextName, findContext } from "./engine/docker-context.ts";
import { engineApi } from "./engine/docker.ts";
import type { EngineApi } from "./engine/engine-api.ts";
import { EngineNode } from "./engine/node.ts";
import { resolveBuilder, type Builder } from "./engine/resolve-builder.ts";

export interface ConnectOptions {
  readonly host: Host;
  /** Name or address of a builder; absent: as BUILDX_BUILDER, the store and the docker context say. */
  readonly builder?: string;
  readonly signal?: AbortSignal;
  /** Told of what is booted or waited for. */
  readonly emit?: (event: StatusEvent) => void;
}

/** What targets need of an engine before they can be planned. */
export interface EngineNeeds {
  /** Normalised platforms of each target. */
  readonly platforms: readonly (readonly string[])[];
  /** Whether an image will be loaded into a docker engine. */
  readonly loads?: boolean;
}

/** A share of a node's connections for one build. */
export interface NodeLease {
  readonly node: EngineNode;
  readonly channel: Channel;
  release(): void;
}

/** A connected builder. Close it when the run is over. */
export interface Engine extends AsyncDisposable {
  /** What is known of the nodes so far. */
  readonly facts: EngineFacts;
  /** The builder is in the store: its use is recorded. */
  readonly stored: boolean;
  /** Said to the user before anything runs. */
  readonly message: string | undefined;
  /** Address of the docker engine behind the builder, which selects proxy settings. */
  readonly dockerHost: string | undefined;
  /** Boots and asks the nodes that these targets need. Gives the facts. */
  prepare(needs: EngineNeeds): Promise<EngineFacts>;
  /** Shares for builds that must be active together, by index of their nodes; in the order asked. */
  lease(nodes: readonly number[]): readonly NodeLease[];
  /** A node that was prepared. */
  node(index: number): EngineNode;
  /** The docker engine that images are loaded into: of the named context, else the builder's own or the current one. */
  loadingEngine(context?: string): EngineApi;
  close(): Promise<void>;
}

/**
 * Finds the builder. Its nodes are booted, connected and asked by `prepare`, once it is known which are needed.
 *
 * @example
 * await using engine = await connect({ host: nodeHost(), builder: "unix:///run/buildkit/buildkitd.sock" });
 * await engine.prepare({ platforms: [["linux/amd64"]] });
 */
export async function connect(options: ConnectOptions): Promise<Engine> {
  const { host, builder, signal } = options;
  return new ConnectedBuilder(await resolveBuilder(host, builder, signal), options);
}

class ConnectedBuilder implements Engine {
  readonly #builder: Builder;
  readonly #options: ConnectOptions;
  readonly #nodes: readonly EngineNode[];
  #loadsOciArchives: boolean | undefined;

  constructor(builder: Builder, options: ConnectOptions) {
    this.#builder = builder;
    this.#options = options;
    this.#nodes = builder.nodes.map((node) => new EngineNode(node, options));
  }

  get facts(): EngineFacts {
    const { name, driver } = this.#builder;
    const loads = this.#loadsOciArchives;
    return { builder: name, driver, nodes: this.#nodes.map(({ facts }) => facts), ...(loads === undefined ? {} : { loadsOciArchives: loads }) };
  }

  get stored(): boolean {
    return this.#builder.stored;
  }

  get message(): string | undefined {
    return this.#builder.message;
  }

  get dockerHost(): string | undefined {
    return this.#builder.nodes[0]?.driver.engine?.host;
  }

  async prepare({ platforms, loads }: EngineNeeds): Promise<EngineFacts> {
    const needed = neededNodes(
      platforms,
      this.#nodes.map(({ facts }) => facts),
    );
    await this.#load(needed, needed.length === this.#nodes.length && this.#nodes.length > 1);
    const defaultLoads = this.#nodes.some(({ facts }) => facts.features.defaultLoad);
    if (this.#builder.driver !== "docker" && (loads === true || defaultLoads)) {
      // An engine that cannot be asked is reported when something is loaded into it.
      this.#loadsOciArchives = await this.loadingEngine()
        .info()
        .then(({ containerdStore }) => containerdStore)
        .catch(() => undefined);
    }
    return this.facts;
  }

  /** Nodes that fail are left out when all were only booted to be asked, as long as one works. */
  async #load(indexes: readonly number[], tolerant: boolean): Promise<void> {
    const results = await Promise.allSettled(indexes.map((index) => this.node(index).load()));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    const [first] = failures;
    if (!first || (tolerant && failures.length < indexes.length)) return;
    this.#options.signal?.throwIfAborted();
    if (indexes.length === 1) throw first;
    throw new BakeError("engine.nodes", `no valid drivers found: ${first.message}`, { cause: first });
  }

  lease(nodes: readonly number[]): readonly NodeLease[] {
    const counts = new Map<number, number>();
    for (const index of nodes) counts.set(index, (counts.get(index) ?? 0) + 1);
    const leases = new Map([...counts].map(([index, count]) => [index, [...this.node(index).lease(count)]]));
    return nodes.map((index) => {
      const node = this.node(index);
      const lease = leases.get(index)?.pop();
      if (!lease) throw new BakeError("engine.lease", `no connection to node ${node.name} is left`);
      return { node, channel: lease.channel, release: () => lease.release() };
    });
  }

  node(index: number): EngineNode {
    const node = this.#nodes[index];
    if (!node) throw new BakeError("engine.node", `builder "${this.#builder.name}" has no node ${index}`);
    return node;
  }

  loadingEngine(context?: string): EngineApi {
    const own = context === undefined ? this.#builder.nodes[0]?.driver.engine : undefined;
    if (own && this.#builder.driver === "docker") return own;
    const name = context ?? currentContextName(this.#options.host);
    const found = findContext(this.#options.host, name);
    if (!found) throw new BakeError("engine.context", `docker context "${name}" not found`);
    return engineApi(found);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
