/** What the client adds to the engine's answer: build ref, provenance, answers of calls; and what it does with it: indexes of OCI layouts. */
import type { Job } from "../planner/plan.ts";
import type { FrontendResult } from "./build-calls.ts";
import type { NodeLease } from "./connect.ts";
import { recordLayouts } from "./record-layouts.ts";
import { readProvenance } from "./read-provenance.ts";
import type { RunContext } from "./run-context.ts";

export interface Answer {
  readonly job: Job;
  readonly ref: string;
  readonly lease: NodeLease;
  readonly context: RunContext;
  readonly result: FrontendResult | undefined;
  readonly response: Readonly<Record<string, string>>;
}

/** The response as metadata and callers see it. */
export async function completeResponse({ job, ref, lease, context, result, response }: Answer): Promise<Readonly<Record<string, string>>> {
  if (job.call) return { ...response, ...callAnswer(result) };
  await recordLayouts(job, response, context);
  const provenance = context.metadata ? await readProvenance({ ref, target: job.target }, lease, context) : {};
  return { ...withoutLoadedConfig(job, response), ...provenance, "buildx.build.ref": `${context.plan.builder}/${lease.node.name}/${ref}` };
}

function callAnswer(result: FrontendResult | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries([...(result?.metadata ?? [])].map(([key, value]) => [key, Buffer.from(value).toString("utf8")]));
}

/** An engine that keeps images by their manifest has no use for the digest of the configuration. */
function withoutLoadedConfig({ request }: Job, response: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const loads = request.exporters.some(({ sink, attributes }) => sink?.kind === "load" && attributes["prefer-image-digest"] === "true");
  return loads ? Object.fromEntries(Object.entries(response).filter(([key]) => key !== "containerimage.config.digest")) : response;
}
