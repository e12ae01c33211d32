/**
 * Directories that jobs read. Those that several jobs of a node use under the same mount name are each
 * served by one extra session, so they are sent once to the node (spec/buildkit.md 5.5).
 */
import type { Job, Mount, PlanAttributes, PlannedContext, SharedSession } from "./plan.ts";

interface Use {
  readonly name: string;
  readonly path: string;
  readonly node: number;
  readonly jobs: number[];
}

/** Moves shared mounts to shared sessions: gives the jobs with their references, and the sessions. */
export function shareMounts(jobs: readonly Job[]): { jobs: readonly Job[]; sessions: readonly SharedSession[] } {
  const uses = new Map<string, Use>();
  jobs.forEach((job, index) => {
    for (const { name, source } of job.mounts) {
      if (source.kind !== "directory") continue;
      const key = `${job.node}\0${name}\0${source.path}`;
      const use = uses.get(key);
      if (use) use.jobs.push(index);
      else uses.set(key, { name, path: source.path, node: job.node, jobs: [index] });
    }
  });
  const shared = [...uses.values()].filter(({ jobs: users }) => users.length > 1);
  const sessions = assign(shared, jobs);
  const bySource = new Map(sessions.flatMap((session) => session.mounts.map(({ name, path }) => [`${session.node}\0${name}\0${path}`, session.id])));
  return { jobs: jobs.map((job) => withSessions(job, bySource)), sessions };
}

/** Every directory of a node once, with all its users. */
export function contextsOf(jobs: readonly Job[]): readonly PlannedContext[] {
  const found = new Map<string, { node: number; path: string; mounts: Set<string>; jobs: Set<string> }>();
  for (const { id, node, mounts } of jobs) {
    for (const { name, source } of mounts) {
      if (source.kind !== "directory") continue;
      const key = `${node}\0${source.path}`;
      const context = found.get(key) ?? { node, path: source.path, mounts: new Set(), jobs: new Set() };
      found.set(key, context);
      context.mounts.add(name);
      context.jobs.add(id);
    }
  }
  return [...found.values()].map(({ node, path, mounts, jobs: users }) => ({ node, path, mounts: [...mounts].sort(), jobs: [...users] }));
}

interface OpenSession {
  readonly node: number;
  readonly sharedKey: string;
  readonly mounts: { readonly name: string; readonly path: string }[];
  readonly users: Set<number>;
}

/**
 * One session for each node and shared key, and another whenever it already has a directory of the
 * name: a session cannot hold two. The engine keeps what it received under the shared key, which so
 * stays the same from run to run.
 */
function assign(shared: readonly Use[], jobs: readonly Job[]): readonly SharedSession[] {
  const open: OpenSession[] = [];
  const bySlot = new Map<string, OpenSession>();
  const taken = new Map<string, number>();
  for (const { name, path, node, jobs: users } of shared) {
    const sharedKey = jobs[users[0] ?? 0]?.sharedKey ?? "";
    const key = `${node}\0${sharedKey}`;
    const slot = taken.get(`${key}\0${name}`) ?? 0;
    taken.set(`${key}\0${name}`, slot + 1);
    let session = bySlot.get(`${key}\0${slot}`);
    if (!session) {
      session = { node, sharedKey, mounts: [], users: new Set() };
      bySlot.set(`${key}\0${slot}`, session);
      open.push(session);
    }
    session.mounts.push({ name, path });
    for (const user of users) session.users.add(user);
  }
  return open.map(({ node, sharedKey, mounts, users }, index) => ({
    id: `shared-${index}`,
    node,
    sharedKey,
    mounts,
    jobs: [...users].sort((x, y) => x - y).map((user) => jobs[user]?.id ?? ""),
  }));
}

function withSessions(job: Job, bySource: ReadonlyMap<string, string>): Job {
  const attributes: Record<string, PlanAttributes[string]> = {};
  const mounts = job.mounts.map((mount): Mount => {
    const session = mount.source.kind === "directory" ? bySource.get(`${job.node}\0${mount.name}\0${mount.source.path}`) : undefined;
    if (session === undefined) return mount;
    attributes[`local-sessionid:${mount.name}`] = { ref: `session:${session}` };
    return { ...mount, session };
  });
  if (Object.keys(attributes).length === 0) return job;
  return { ...job, mounts, request: { ...job.request, attributes: { ...job.request.attributes, ...attributes } } };
}
