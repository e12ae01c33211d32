/**
 * Reads remote definitions through an engine (spec/bake.md 2.5): files of a git repository, one file
 * behind a URL, or files of an archive.
 */
import { BakeError } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";
import { DEFAULT_FILES, type Host, type RemoteDefinition, type RemoteFile, type RemoteReader } from "../host.ts";
import { archiveKind } from "./archive-kind.ts";
import { isMissing, SolveError } from "./buildkit/errors.ts";
import type { GatewayClient } from "./buildkit/gateway.ts";
import { archiveSource, httpSource } from "./buildkit/source-definition.ts";
import type { Engine, NodeLease } from "./connect.ts";
import { gitCredentials } from "./git-credentials.ts";
import { gitDefinition, parseGitUrl, type GitUrl } from "./git-url.ts";
import { withInternalBuild } from "./internal-build.ts";
import { solveSource } from "./read-url.ts";
import { auth } from "./session/auth.ts";
import type { Service } from "./session/rpc.ts";
import { secrets } from "./session/secrets.ts";
import { ssh } from "./session/ssh.ts";

export interface RemoteOptions {
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly emit?: (event: StatusEvent) => void;
}

const sizeLimit = 2 * 1024 * 1024;

/** A reader on the builder's first node. */
export function remoteReader(engine: Engine, options: RemoteOptions): RemoteReader {
  return {
    async read(url, names) {
      await engine.prepare({ platforms: [[]] });
      const [lease] = engine.lease([0]) as readonly [NodeLease];
      try {
        return await readDefinition(url, names, lease, options);
      } finally {
        lease.release();
      }
    },
  };
}

async function readDefinition(
  url: string,
  names: readonly string[] | undefined,
  lease: NodeLease,
  { host, signal, emit = () => undefined }: RemoteOptions,
): Promise<RemoteDefinition> {
  const git = parseGitUrl(url);
  const services: Service[] = [auth({ host, signal }), ...(git ? gitServices(git, host) : [])];
  try {
    return await withInternalBuild({ lease, services, signal, onStatus: emit }, (gateway) => {
      if (!git) return readHttp(url, names, gateway, signal);
      return readTree(gateway, () => solveSource(gateway, gitDefinition(git, url), signal), names, signal);
    });
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    throw new BakeError("remote.read", `failed to solve: ${error.message}`, { cause: error });
  }
}

/** Access to private repositories, as BUILDX_BAKE_GIT_* variables give it. */
function gitServices({ host: gitHost }: GitUrl, host: Host): readonly Service[] {
  const sources = gitCredentials(gitHost, host).map(({ id, env }) => ({ id, source: { kind: "env", name: env } as const }));
  const paths = (host.env["BUILDX_BAKE_GIT_SSH"] ?? "").split(",").filter((path) => path !== "");
  const services: Service[] = sources.length > 0 ? [secrets({ sources, host })] : [];
  try {
    return [...services, ssh({ agents: [{ id: "default", paths }], host })];
  } catch {
    // Most repositories need no agent; the engine says so where one is missing.
    return services;
  }
}

/** Named files must be there; of the default ones those that are. */
async function readTree(
  gateway: GatewayClient,
  solve: () => Promise<string>,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<RemoteDefinition> {
  const ref = await solve();
  const files: RemoteFile[] = [];
  for (const name of names ?? DEFAULT_FILES) {
    const data = await readFile(gateway, ref, name, signal).catch((error: unknown) => {
      if (names !== undefined || !isMissing(error)) throw error;
      return undefined;
    });
    if (data) files.push({ name, data });
  }
  return { files, tree: true };
}

async function readFile(gateway: GatewayClient, ref: string, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const { size } = await gateway.statFile(ref, name, { signal });
  if (size > BigInt(sizeLimit)) throw new BakeError("remote.size", `definition ${name} bigger than maximum allowed size (2.097MB)`);
  return await gateway.readFile(ref, name, { signal });
}

async function readHttp(url: string, names: readonly string[] | undefined, gateway: GatewayClient, signal: AbortSignal): Promise<RemoteDefinition> {
  const file = { filename: "context", name: `[internal] load remote build context` };
  const ref = await solveSource(gateway, httpSource(url, file), signal);
  const { size } = await gateway.statFile(ref, file.filename, { signal });
  const start = await gateway.readFile(ref, file.filename, { signal, range: { offset: 0, length: 1024 } });
  if (archiveKind(start) !== undefined) return await readTree(gateway, () => solveSource(gateway, archiveSource(url, file), signal), names, signal);
  if (size > BigInt(sizeLimit)) throw new BakeError("remote.size", "non-archive definition URL bigger than maximum allowed size (2.097MB)");
  return { files: [{ name: url, data: await gateway.readFile(ref, file.filename, { signal }) }], tree: false };
}
