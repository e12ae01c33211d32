/** Questions that a frontend does not know are asked once more of a frontend that does (spec/buildkit.md 4.6). */
import { SolveError } from "./buildkit/errors.ts";
import type { FrontendRequest } from "./buildkit/messages.ts";

const dockerfile17 = "docker/dockerfile:1.7.1@sha256:a57df69d0ea827fb7266491f2813635de6f17269be881f696fbfdf2d83dda33e";
const dockerfile18 = "docker/dockerfile:1.8.1@sha256:e87caa74dcb7d46cd820352bfea12591f3dba3ddc4285e19c7dcd13359f7cefd";
const frontends: Readonly<Record<string, string>> = { lint: dockerfile18, outline: dockerfile17, targets: dockerfile17 };

const syntaxArgument = "build-arg:BUILDKIT_SYNTAX";

/** The request to try next; undefined when the failure is another one, or nobody else would know better. */
export function fallbackRequest(request: FrontendRequest, call: string, error: unknown): FrontendRequest | undefined {
  const unsupported = error instanceof SolveError && (error.subrequest !== undefined || error.message.includes("unsupported request frontend."));
  const frontend = frontends[call];
  if (!unsupported || frontend === undefined || request.attributes?.[syntaxArgument] !== undefined) return undefined;
  return { ...request, attributes: { ...request.attributes, [syntaxArgument]: frontend } };
}
