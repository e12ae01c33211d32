/** Questions that a frontend does not know are asked once more of a frontend that does (spec/buildkit.md 4.6). */
import { SolveError } from "./buildkit/errors.ts";
import type { FrontendRequest } from "./buildkit/messages.ts";

const lintFrontend = "docker/dockerfile:1.8.1@sha256:e87caa74dcb7d46cd820352bfea12591f3dba3ddc4285e19c7dcd13359f7cefd";
const otherFrontend = "docker/dockerfile:1.7.1@sha256:a57df69d0ea827fb7266491f2813635de6f17269be881f696fbfdf2d83dda33e";

export const isUnsupportedCall = (error: unknown): boolean =>
  error instanceof SolveError && (error.subrequest !== undefined || error.message.includes("unsupported request frontend."));

export function withFallbackFrontend(request: FrontendRequest, call: string): FrontendRequest {
  const syntax = call === "lint" ? lintFrontend : otherFrontend;
  return { ...request, attributes: { ...request.attributes, "build-arg:BUILDKIT_SYNTAX": syntax } };
}
