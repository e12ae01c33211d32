/**
 * Sessions that serve directories to several jobs of a node (spec/buildkit.md 5.5): opened when their
 * first job begins, closed when their last one is done.
 */
import type { Job, Plan, SharedSession } from "../planner/plan.ts";
import { attachSession, type Attachment } from "./attach-session.ts";
import { newId } from "./buildkit/id.ts";
import type { Engine, NodeLease } from "./connect.ts";
import { fileSync, type TransferProgress } from "./session/file-sync.ts";
import { openSession, type Session } from "./session/session.ts";
import type { Trees } from "./trees.ts";

export interface SharedSessionOptions {
  readonly nodeId: string;
  readonly trees: Trees;
  readonly onTransfer: (progress: TransferProgress) => void;
}

interface Open {
  readonly session: Session;
  readonly lease: NodeLease;
  readonly attachment: Attachment;
}

interface Shared {
  readonly planned: SharedSession;
  readonly wireId: string;
  readonly users: Set<string>;
  open: Promise<Open> | undefined;
}

export class SharedSessions {
  readonly #engine: Engine;
  readonly #options: SharedSessionOptions;
  readonly #sessions: ReadonlyMap<string, Shared>;
  /** Ids on the wire by the ids of the plan. */
  readonly ids: ReadonlyMap<string, string>;

  constructor(plan: Plan, engine: Engine, options: SharedSessionOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#sessions = new Map(
      plan.sharedSessions.map((planned): [string, Shared] => [planned.id, { planned, wireId: newId(), users: new Set(planned.jobs), open: undefined }]),
    );
    this.ids = new Map([...this.#sessions].map(([id, { wireId }]) => [id, wireId]));
  }

  /** Resolves once every session that serves a mount of the job is offered to the engine; one whose connection was lost is offered again. */
  async join(job: Job, signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#of(job).map(async (shared) => {
        const before = shared.open;
        const lost = before
          ? await before.then(
              ({ attachment }) => attachment.isOver(),
              () => true,
            )
          : false;
        // Another job may have offered it meanwhile.
        if (lost && shared.open === before) shared.open = this.#reopen(before, shared, signal);
        shared.open ??= this.#open(shared, signal);
        await shared.open;
      }),
    );
  }

  /** The job is over: closes sessions that nobody else will use. */
  async leave(job: Job): Promise<void> {
    await Promise.all(
      this.#of(job).map(async (shared) => {
        shared.users.delete(job.id);
        if (shared.users.size === 0) await close(shared);
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(close));
  }

  #of(job: Job): readonly Shared[] {
    const ids = new Set(job.mounts.flatMap(({ session }) => session ?? []));
    return [...ids].flatMap((id) => this.#sessions.get(id) ?? []);
  }

  async #reopen(before: Promise<Open> | undefined, shared: Shared, signal: AbortSignal): Promise<Open> {
    const old = await before?.catch(() => undefined);
    await old?.session.close();
    old?.lease.release();
    return await this.#open(shared, signal);
  }

  async #open({ planned, wireId }: Shared, signal: AbortSignal): Promise<Open> {
    const { nodeId, trees, onTransfer } = this.#options;
    const mounts = new Map(planned.mounts.map(({ name, path }) => [name, trees.of(path)]));
    const sharedKey = planned.sharedKey === "" ? "" : `${planned.sharedKey}:${nodeId}`;
    const session = openSession({ id: wireId, sharedKey, services: [fileSync({ mounts, onTransfer })] });
    const [lease] = this.#engine.lease([planned.node]) as readonly [NodeLease];
    try {
      return { session, lease, attachment: await attachSession(session, lease, signal) };
    } catch (error) {
      lease.release();
      throw error;
    }
  }
}

async function close(shared: Shared): Promise<void> {
  const open = await shared.open?.catch(() => undefined);
  if (!open) return;
  shared.open = undefined;
  await open.session.close();
  open.lease.release();
}
