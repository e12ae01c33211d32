/** Engines that the machine has already, found the way tsbake finds them. */
import { nodeHost } from "../../src/node-host.ts";
import { buildkitDriver } from "../../src/runner/engine/buildkit-address.ts";
import { currentContextName, findContext } from "../../src/runner/engine/docker-context.ts";
import { engineApi } from "../../src/runner/engine/docker.ts";

export interface FoundEngine {
  readonly kind: "dockerd" | "dockerd-classic" | "buildkitd";
  /** For DOCKER_HOST, or for BUILDKIT_HOST. */
  readonly address: string;
  readonly version: string;
}

/** The Docker engine of the current context, if it answers. */
export async function findDocker(): Promise<FoundEngine | undefined> {
  const host = nodeHost();
  const context = findContext(host, currentContextName(host));
  if (!context) return undefined;
  try {
    const info = await engineApi(context).info();
    return { kind: info.containerdStore ? "dockerd" : "dockerd-classic", address: context.host, version: info.version };
  } catch {
    // No engine there.
    return undefined;
  }
}

/** The BuildKit of BUILDKIT_HOST, if it answers. */
export async function findBuildkit(): Promise<FoundEngine | undefined> {
  const address = process.env["BUILDKIT_HOST"];
  if (!address) return undefined;
  try {
    const stream = await buildkitDriver(address, nodeHost()).dial();
    stream.destroy();
    return { kind: "buildkitd", address, version: "" };
  } catch {
    // No engine there.
    return undefined;
  }
}
