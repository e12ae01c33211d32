/**
 * Access to private git repositories, as the variables BUILDX_BAKE_GIT_AUTH_TOKEN and _HEADER give it: as named references, under
 * the names by which the engine asks (spec/bake.md 2.5).
 */
import type { Host } from "../host.ts";

/** A secret whose value is in a variable. */
export interface GitCredential {
  readonly id: string;
  readonly env: string;
}

/** Token and header for a git host. Names of variables are compared without regard to case. */
export function gitCredentials(gitHost: string, { env }: Host): readonly GitCredential[] {
  return (["TOKEN", "HEADER"] as const).flatMap((kind) => {
    const wanted = `BUILDX_BAKE_GIT_AUTH_${kind}`;
    const name = Object.keys(env).find((candidate) => candidate.toUpperCase() === wanted && (env[candidate] ?? "") !== "");
    return name === undefined ? [] : [{ id: `GIT_AUTH_${kind}.${gitHost}`, env: name }];
  });
}

/** The same for a target of a definition in a repository: only when its context is on the definition's host. */
export function contextCredentials(context: string, definition: string, host: Host): readonly GitCredential[] {
  const gitHost = hostOf(definition);
  return gitHost !== undefined && hostOf(context)?.toLowerCase() === gitHost.toLowerCase() ? gitCredentials(gitHost, host) : [];
}

/** Host and port of a URL of any form that git knows. */
function hostOf(url: string): string | undefined {
  const long = /^(?:git|ssh|https?):\/\/(?:[^/@]*@)?([^/?#]+)/.exec(url);
  if (long) return long[1];
  if (url.startsWith("github.com/")) return "github.com";
  return /^[A-Za-z0-9_-]+@([A-Za-z0-9.-]+):(?!\/\/)/.exec(url)?.[1];
}
