/** Failures of content stores with their status; texts are containerd's, which engines match. */
import { status } from "../buildkit/errors.ts";
import { RpcError } from "./rpc.ts";

export const contentMissing = (digest: string): RpcError => new RpcError(status.notFound, `content ${digest}: not found`);
export const contentExists = (digest: string): RpcError => new RpcError(status.alreadyExists, `content ${digest}: already exists`);
export const uploadMissing = (ref: string): RpcError => new RpcError(status.notFound, `ingest ref ${JSON.stringify(ref)}: not found`);

/** Digests name files: only the known algorithms, only hexadecimal. */
const digestForm = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

export interface Digest {
  readonly algorithm: "sha256" | "sha384" | "sha512";
  readonly hex: string;
}

/** Throws RpcError for anything but a digest. */
export function parseDigest(text: string): Digest {
  if (!digestForm.test(text)) throw new RpcError(status.invalidArgument, `${JSON.stringify(text)} failed validation`);
  const [algorithm, hex] = text.split(":") as [Digest["algorithm"], string];
  return { algorithm, hex };
}
