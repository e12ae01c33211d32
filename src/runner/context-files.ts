/** Files of remote contexts, read through the engine before a build: policies that lie beside a Dockerfile. Each is read once a run. */
import { BakeError } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";
import type { Host } from "../host.ts";
import type { Job } from "../planner/plan.ts";
import { isMissing, SolveError } from "./buildkit/errors.ts";
import { archiveSource } from "./buildkit/source-definition.ts";
import type { NodeLease } from "./connect.ts";
import { gitDefinition, parseGitUrl } from "./git-url.ts";
import { withInternalBuild } from "./internal-build.ts";
import { solveSource } from "./read-url.ts";
import type { Service } from "./session/rpc.ts";
import { secrets } from "./session/secrets.ts";
import { ssh } from "./session/ssh.ts";

/** What a run lends to reading. */
interface Reading {
  readonly auth: Service;
  readonly emit: (event: StatusEvent) => void;
  readonly host: Host;
  readonly signal: AbortSignal;
}

/** The remote context of a job, as the engine is told of it; undefined for a directory of this machine. */
export function remoteContext({ mounts, request }: Job): { readonly url: string; readonly directory: string } | undefined {
  const { "input:context": input, context: url = input, contextsubdir: directory } = request.attributes;
  if (typeof url !== "string" || mounts.some(({ name }) => name === "context")) return undefined;
  return { url, directory: typeof directory === "string" ? directory : "" };
}

export class ContextFiles {
  readonly #texts = new Map<string, Promise<string | undefined>>();

  /** The text of a file in the job's remote context; undefined when there is none. */
  read(job: Job, path: string, lease: NodeLease, reading: Reading): Promise<string | undefined> {
    const key = JSON.stringify([job.node, remoteContext(job), path, job.secrets, job.ssh]);
    const known = this.#texts.get(key);
    if (known) return known;
    const text = readText(job, path, lease, reading);
    this.#texts.set(key, text);
    return text;
  }
}

async function readText(job: Job, path: string, lease: NodeLease, { auth, emit, host, signal }: Reading): Promise<string | undefined> {
  const { url, directory } = remoteContext(job) ?? { url: "", directory: "" };
  const git = parseGitUrl(url);
  const definition = git ? gitDefinition(git, url) : archiveSource(url, { filename: "context", name: "[internal] load remote build context" });
  const services = [
    auth,
    ...(job.secrets.length > 0 ? [secrets({ sources: job.secrets, host })] : []),
    ...(job.ssh.length > 0 ? [ssh({ agents: job.ssh, host })] : []),
  ];
  const whole = directory === "" ? path : `${directory}/${path}`;
  try {
    return await withInternalBuild({ lease, services, signal, onStatus: (event) => emit({ ...event, target: job.target }) }, async (gateway) => {
      const ref = await solveSource(gateway, definition, signal);
      try {
        await gateway.statFile(ref, whole, { signal });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      return Buffer.from(await gateway.readFile(ref, whole, { signal })).toString("utf8");
    });
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    throw new BakeError("run.policy", `failed to stat policy file ${path}: ${error.message}`, { cause: error });
  }
}
