/** What the jobs of one run share. */
import type { BakeEvent, TargetState } from "../events.ts";
import type { Host } from "../host.ts";
import type { Job, Plan } from "../planner/plan.ts";
import type { Engine } from "./connect.ts";
import type { ContextFiles } from "./context-files.ts";
import type { Barrier, Gate } from "./schedule.ts";
import type { Service } from "./session/rpc.ts";
import type { SharedSessions } from "./shared-sessions.ts";
import type { Trees } from "./trees.ts";

export interface RunContext {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly host: Host;
  readonly shared: SharedSessions;
  readonly trees: Trees;
  readonly contextFiles: ContextFiles;
  /** Credentials and tokens; the same for every session. */
  readonly auth: Service;
  /** Cancels every job. */
  readonly signal: AbortSignal;
  /** Counts jobs that evaluate. */
  readonly slots: Gate;
  /** Stands before all outputs when they are deferred. */
  readonly barrier?: Barrier;
  /** How often a job may be tried again after a transient failure. */
  readonly retries: number;
  /** Pause before the second attempt, in milliseconds; it doubles with each. */
  readonly retryPauseMs: number;
  /** How long a target may work, in milliseconds. */
  readonly targetTimeoutMs?: number;
  readonly nodeId: string;
  readonly groupRef: string;
  /** Collect what only the metadata file needs. */
  readonly metadata: boolean;
  /** Takes the bytes of an output to standard output. */
  readonly stdout?: (body: AsyncIterable<Uint8Array>) => Promise<void>;
  /** The ref of a target's builds: the same on all its nodes, and another one for each attempt. */
  readonly refOf: (target: string, attempt: number) => string;
  readonly emit: (event: BakeEvent) => void;
  /** Changes the state of all targets of the job. */
  readonly setState: (job: Job, state: TargetState) => void;
  /** Says that the job will be tried again. */
  readonly retrying: (job: Job, attempt: number, error: unknown) => void;
}
