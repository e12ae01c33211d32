/** What the jobs of one run share. */
import type { BakeEvent, TargetState } from "../events.ts";
import type { Host } from "../host.ts";
import type { Plan } from "../planner/plan.ts";
import type { Engine } from "./connect.ts";
import type { Gate } from "./schedule.ts";
import type { Service } from "./session/rpc.ts";
import type { SharedSessions } from "./shared-sessions.ts";
import type { Trees } from "./trees.ts";

export interface RunContext {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly host: Host;
  readonly shared: SharedSessions;
  readonly trees: Trees;
  /** Credentials and tokens; the same for every session. */
  readonly auth: Service;
  /** Cancels every job. */
  readonly signal: AbortSignal;
  /** Counts jobs that evaluate. */
  readonly slots: Gate;
  readonly nodeId: string;
  readonly groupRef: string;
  /** Collect what only the metadata file needs. */
  readonly metadata: boolean;
  /** Takes the bytes of an output to standard output. */
  readonly stdout?: (body: AsyncIterable<Uint8Array>) => Promise<void>;
  /** The ref of a target's builds: the same on all its nodes. */
  readonly refOf: (target: string) => string;
  readonly emit: (event: BakeEvent) => void;
  readonly setState: (target: string, state: TargetState) => void;
}
