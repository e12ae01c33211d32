/**
 * Git contexts that are handed over as inputs, because the frontend may not know queries in their URLs (spec/buildkit.md 7.2):
 * the plan names the URL in an `input:` attribute, and the source is made here.
 */
import { goBool } from "../go-text.ts";
import type { Mount } from "../planner/plan.ts";
import type { Definition } from "./buildkit/messages.ts";
import { gitDefinition, parseGitUrl } from "./git-url.ts";

/** Inputs by name; the main context is where the Dockerfile is too, unless that is a file of its own. */
export function gitInputs(attributes: Readonly<Record<string, string>>, mounts: readonly Mount[]): ReadonlyMap<string, Definition> {
  const inputs = new Map<string, Definition>();
  const elsewhere = mounts.some(({ name, source }) => name === "dockerfile" && source.kind !== "text");
  for (const [key, url] of Object.entries(attributes)) {
    if (!key.startsWith("input:")) continue;
    const name = key.slice("input:".length);
    const git = parseGitUrl(url);
    if (!git) continue;
    if (name === "context") {
      const keeps = goBool(attributes["build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR"]) === true;
      const definition = gitDefinition(keeps ? { ...git, keepGitDirectory: true } : git, url);
      inputs.set("context", definition);
      if (!elsewhere) inputs.set("dockerfile", definition);
    } else inputs.set(`git_state_${name}`, gitDefinition(git, url));
  }
  return inputs;
}
