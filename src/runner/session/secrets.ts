/** The Secrets service: values of files and environment variables, read anew for every request (spec/buildkit.md 6.7). */
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { SecretReference } from "../../planner/plan.ts";
import { status } from "../buildkit/errors.ts";
import { GetSecretRequest, GetSecretResponse } from "../buildkit/wire/secrets.ts";
import { RpcError, unary, type Service } from "./rpc.ts";

/** Bytes. */
export const secretLimit = 500 * 1024;

export interface SecretsOptions {
  readonly sources: readonly SecretReference[];
  readonly host: Host;
}

/** Throws a BakeError for a file that is missing or too large. */
export function secrets({ sources, host }: SecretsOptions): Service {
  for (const { id, source } of sources) if (source.kind === "file") checkFile(id, source.path, host);
  // Of several entries with one id the last counts.
  const byId = new Map(sources.map(({ id, source }) => [id, source]));
  return {
    methods: {
      "/moby.buildkit.secrets.v1.Secrets/GetSecret": unary(GetSecretRequest, GetSecretResponse, ({ id }) => {
        const source = byId.get(id);
        if (!source) throw new RpcError(status.notFound, "not found");
        const data = source.kind === "env" ? Buffer.from(host.env[source.name] ?? "", "utf8") : host.readFile(source.path);
        if (data.length > secretLimit) throw new RpcError(status.unknown, `invalid secret size ${data.length}`);
        return { data };
      }),
    },
  };
}

function checkFile(id: string, path: string, host: Host): void {
  let size: number | undefined;
  try {
    size = host.stat(path)?.size;
  } catch (cause) {
    throw new BakeError("run.secret", `failed to stat ${path}: ${(cause as Error).message}`, { cause });
  }
  if (size === undefined) throw new BakeError("run.secret", `failed to stat ${path}: stat ${path}: no such file or directory`);
  if (size > secretLimit) throw new BakeError("run.secret", `secret ${id} too big. max size 500KiB`);
}
