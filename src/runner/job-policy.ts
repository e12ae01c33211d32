/** The policies of a job: what they are told of the build, and whether the engine can be held to them (spec/buildkit.md 6.8). */
import { basename } from "node:path";
import { BakeError } from "../diagnostics.ts";
import type { Job } from "../planner/plan.ts";
import type { NodeLease } from "./connect.ts";
import { remoteContext } from "./context-files.ts";
import type { RunContext } from "./run-context.ts";
import { localSource, remoteSource } from "./session/policy-files.ts";
import { openPolicies, type OpenPolicies } from "./session/policy.ts";
import type { PolicyEnv } from "./session/policy-input.ts";

/** Undefined for a job without policies. Rejects when they could not be enforced. */
export async function openJobPolicies(job: Job, lease: NodeLease, run: RunContext): Promise<OpenPolicies | undefined> {
  if (job.policies.length === 0) return undefined;
  const { node } = lease;
  const { host, signal } = run;
  const { capabilities, platforms } = node.facts;
  const context = job.mounts.find(({ name }) => name === "context")?.source;
  const policies = await openPolicies({
    target: job.target,
    policies: job.policies,
    env: envOf(job),
    platform: platforms[0] ?? host.platform,
    host,
    signal,
    source: remoteContext(job)
      ? remoteSource((path) => run.contextFiles.read(job, path, lease, run), host)
      : localSource(context?.kind === "directory" ? context.path : undefined, host),
  });
  if (!policies) return undefined;
  if (!capabilities.includes("source.policy.session")) {
    policies.close();
    throw unenforced(job, "policies", "v0.27");
  }
  if (policies.proxyNetwork && !capabilities.includes("exec.meta.network.proxy")) {
    policies.close();
    throw unenforced(job, "the network proxy that a policy asks for", "v0.31");
  }
  return policies;
}

const unenforced = ({ target }: Job, what: string, version: string): BakeError =>
  new BakeError("run.policy", `target ${target} needs ${what}, which the current BuildKit daemon does not support, please upgrade to version ${version}+`);

/** What was written for the build: values that only the runner knows are not for policies. */
function envOf({ request }: Job): PolicyEnv {
  const named = (prefix: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(request.attributes).flatMap(([key, value]) =>
        key.startsWith(prefix) && typeof value === "string" ? [[key.slice(prefix.length), value]] : [],
      ),
    );
  const text = (key: string): string => {
    const value = request.attributes[key];
    return typeof value === "string" ? value : "";
  };
  return { args: named("build-arg:"), labels: named("label:"), filename: basename(text("filename") || "Dockerfile"), target: text("target") };
}
