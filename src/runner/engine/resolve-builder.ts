/**
 * Which builder a bake uses (design: flag, BUILDX_BUILDER, stored current builder, docker context if
 * its engine answers, BUILDKIT_HOST, private engine), and the drivers of its nodes.
 */
import { BakeError } from "../../diagnostics.ts";
import { goBool } from "../../go-text.ts";
import type { Host } from "../../host.ts";
import { registryAuth } from "../session/auth.ts";
import { buildkitDriver, isBuildkitAddress } from "./buildkit-address.ts";
import { currentBuilder, readBuilder, type StoredBuilder, type StoredNode } from "./builders.ts";
import { dockerContainerDriver } from "./docker-container.ts";
import { currentContextName, findContext, type DockerContext } from "./docker-context.ts";
import { dockerDriver, engineApi } from "./docker.ts";
import type { Driver } from "./driver.ts";
import { findPrivateEngine } from "./private.ts";

export interface BuilderNode {
  readonly name: string;
  readonly driver: Driver;
  /** `os/arch[/variant]` as configured for the node. */
  readonly platforms: readonly string[];
  readonly defaultLoad: boolean;
}

export interface Builder {
  readonly name: string;
  readonly driver: Driver["name"];
  readonly nodes: readonly BuilderNode[];
  /** Kept in the store, so its use is recorded. */
  readonly stored: boolean;
  /** Said to the user before anything runs. */
  readonly message?: string;
}

/** Finds the builder. Rejects with a BakeError that says how to choose one when none is there. */
export async function resolveBuilder(host: Host, requested: string | undefined, signal?: AbortSignal): Promise<Builder> {
  const name = requested || host.env["BUILDX_BUILDER"] || currentBuilder(host);
  if (name) return await namedBuilder(host, name);
  const contextName = currentContextName(host);
  const context = findContext(host, contextName);
  if (!context) throw new BakeError("builder.context", `docker context "${contextName}" not found`);
  const failure = await dockerAnswers(context, signal);
  if (failure === undefined) return contextBuilder(context);
  // A chosen engine that does not answer is an error; only the mere default may be replaced by others.
  if (contextName !== "default" || host.env["DOCKER_HOST"]) throw failure;
  const address = host.env["BUILDKIT_HOST"];
  if (address) return addressBuilder(host, address);
  const own = await findPrivateEngine(host, signal);
  if (own) return { name: "private", driver: "private", nodes: [singleNode("private", own.driver)], stored: false, message: own.message };
  throw new BakeError(
    "builder.none",
    `no BuildKit engine found: ${failure.message}; BUILDKIT_HOST is not set and no buildkitd is in PATH. ` +
      "Start Docker, set BUILDKIT_HOST, or choose a builder with --builder",
    { cause: failure },
  );
}

async function namedBuilder(host: Host, name: string): Promise<Builder> {
  if (isBuildkitAddress(name)) return addressBuilder(host, name);
  const current = currentContextName(host);
  if (name === "default" || name === current) {
    const context = findContext(host, name);
    if (context && name !== current) throw otherContext(name);
    if (context) return contextBuilder(context);
  }
  const stored = readBuilder(host, name);
  if (stored) return storedBuilder(host, stored);
  if (findContext(host, name)) throw otherContext(name);
  throw new BakeError("builder.unknown", `no builder "${name}" found`);
}

const otherContext = (name: string): BakeError => new BakeError("builder.context", `use \`docker --context=${name} buildx\` to switch to context "${name}"`);

async function dockerAnswers(context: DockerContext, signal: AbortSignal | undefined): Promise<BakeError | undefined> {
  try {
    await engineApi(context).ping(signal);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof BakeError ? error : new BakeError("engine.connect", (error as Error).message, { cause: error });
  }
}

const singleNode = (name: string, driver: Driver): BuilderNode => ({ name, driver, platforms: [], defaultLoad: false });

function contextBuilder(context: DockerContext): Builder {
  return { name: context.name, driver: "docker", nodes: [singleNode(context.name, dockerDriver(context))], stored: false };
}

function addressBuilder(host: Host, address: string): Builder {
  return { name: "remote", driver: "remote", nodes: [singleNode("remote0", buildkitDriver(address, host))], stored: false };
}

function storedBuilder(host: Host, stored: StoredBuilder): Builder {
  const nodes = stored.Nodes.map((node): BuilderNode => {
    const options = node.DriverOpts ?? {};
    return {
      name: node.Name,
      driver: nodeDriver(host, stored.Driver, node),
      platforms: (node.Platforms ?? []).map(({ os, architecture, variant }) => [os, architecture, ...(variant ? [variant] : [])].join("/")),
      defaultLoad: goBool(options["default-load"]) === true,
    };
  });
  if (nodes.length === 0) throw new BakeError("builder.empty", `builder "${stored.Name}" has no nodes`);
  return { name: stored.Name, driver: stored.Driver as Driver["name"], nodes, stored: true };
}

function nodeDriver(host: Host, driver: string, node: StoredNode): Driver {
  switch (driver) {
    case "remote":
      return buildkitDriver(node.Endpoint, host, node.DriverOpts ?? {});
    case "docker-container": {
      const context = findContext(host, node.Endpoint) ?? (node.Endpoint.includes("://") ? { name: node.Endpoint, host: node.Endpoint } : undefined);
      if (!context) throw new BakeError("builder.context", `docker context "${node.Endpoint}" of node ${node.Name} not found`);
      return dockerContainerDriver(engineApi(context), node, (registry) => registryAuth(host, registry));
    }
    default:
      throw new BakeError("builder.driver", `builder driver "${driver}" of node ${node.Name} is not supported`);
  }
}
