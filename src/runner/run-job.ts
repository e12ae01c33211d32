/** Runs one job: its session, its build on the engine, and what is left to do with the answer. */
import { BakeError } from "../diagnostics.ts";
import type { Job } from "../planner/plan.ts";
import type { FrontendResult } from "./build-calls.ts";
import { BuildkitCalls, type OpenedBuild } from "./buildkit-calls.ts";
import { readSourcePolicy } from "./buildkit/source-policy.ts";
import type { NodeLease } from "./connect.ts";
import { driveJob, type JobProgress } from "./job.ts";
import { completeResponse } from "./job-response.ts";
import { openJobSession, type JobSession } from "./job-session.ts";
import { saveBuildState } from "./local-state.ts";
import { fillRequest } from "./request.ts";
import type { RunContext } from "./run-context.ts";

export interface JobOutcome {
  readonly ref: string;
  /** Exporter response and what the client adds. */
  readonly response: Readonly<Record<string, string>>;
  /** The build is kept in the local state. */
  readonly remembered: boolean;
}

export async function runJob(progress: JobProgress, lease: NodeLease, context: RunContext): Promise<JobOutcome> {
  const { job } = progress;
  const { slots, signal, emit, setState } = context;
  const ref = context.refOf(job.target);
  let opened: JobSession | undefined;
  const calls = new BuildkitCalls({
    job,
    ref,
    lease,
    signal,
    open: async (parents) => {
      setState(job.target, "running");
      refusePolicies(job);
      await context.shared.join(job, signal);
      opened = await openJobSession(job, lease, context);
      return openedBuild(job, opened, parents, lease, context);
    },
    onStatus: (event) => emit({ ...event, target: job.target }),
    onReturn: () => {
      if (job.request.exporters.length > 0) setState(job.target, "exporting");
    },
  });
  try {
    const response = await driveJob(progress, { calls, slots, signal }).finally(() => calls.drainStatus());
    const remembered = job.call === undefined && remember(job, ref, lease, context);
    return { ref, remembered, response: await completeResponse({ job, ref, lease, context, result: calls.result, response }) };
  } finally {
    await opened?.session.close();
    await context.shared.leave(job);
  }
}

function openedBuild(job: Job, { session, stores }: JobSession, parents: ReadonlyMap<string, FrontendResult>, lease: NodeLease, { host, shared, nodeId }: RunContext): OpenedBuild {
  const dockerHost = lease.node.driver.engine?.host;
  const sources = { host, sessions: shared.ids, stores, nodeId, ...(dockerHost === undefined ? {} : { dockerHost }) };
  const { sourcePolicy } = job.request;
  return {
    session: session.id,
    request: fillRequest(job, parents, sources),
    ...(sourcePolicy === undefined ? {} : { sourcePolicy: readSourcePolicy(sourcePolicy, host) }),
  };
}

/** A policy that nobody evaluates would be a policy passed. */
function refusePolicies({ target, policies }: Job): void {
  if (policies.length === 0) return;
  const files = policies.flatMap((policy) => policy.files).join(", ");
  throw new BakeError("run.policy", `target ${target} has a source policy (${files}), which tsbake cannot evaluate; remove it or set policy = ["disabled=true"]`);
}

function remember(job: Job, ref: string, lease: NodeLease, { host, plan, groupRef }: RunContext): boolean {
  const { target, localState } = job;
  return saveBuildState(host, { builder: plan.builder, node: lease.node.name, ref, target, ...localState, groupRef });
}
