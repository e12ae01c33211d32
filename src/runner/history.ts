/**
 * How long targets took in earlier runs: a small file in the user's data folder that lets the longest way
 * start first. Only a hint: what cannot be read or written is passed over.
 */
import type { Host } from "../host.ts";
import { writeAtomic } from "./engine/builders.ts";
import { dataDirectory } from "./engine/private.ts";

/** Milliseconds by target. */
export type Durations = ReadonlyMap<string, number>;

interface Project {
  /** When it was last built, milliseconds since the epoch. */
  readonly time: number;
  readonly targets: Readonly<Record<string, number>>;
}

interface History {
  readonly version: 1;
  readonly projects: Readonly<Record<string, Project>>;
}

const maximalTargets = 5000;
const maximalBytes = 4 * 1024 * 1024;
/** A target that was cached was fast; what it once took fades, but counts. */
const fading = 0.8;

/** The file, or undefined where `TSBAKE_HISTORY` is off. A path in the variable is used instead of the default. */
function historyFile(host: Host): string | undefined {
  const given = host.env["TSBAKE_HISTORY"];
  if (given === undefined || given === "") return `${dataDirectory(host)}/history.json`;
  return /^(?:0|f|false|off|no)$/i.test(given) ? undefined : given;
}

/** Durations of the project in the working directory. */
export function readDurations(host: Host): Durations {
  const file = historyFile(host);
  const project = file === undefined ? undefined : readHistory(file, host).projects[host.cwd];
  return new Map(Object.entries(project?.targets ?? {}));
}

/** Remembers durations of targets that succeeded. The projects that were built longest ago are forgotten first. */
export function recordDurations(host: Host, measured: Durations): void {
  const file = historyFile(host);
  if (file === undefined || measured.size === 0) return;
  try {
    const { projects } = readHistory(file, host);
    const before = projects[host.cwd]?.targets ?? {};
    const targets: Record<string, number> = { ...before };
    for (const [target, duration] of measured) targets[target] = Math.max(Math.round(duration), Math.round((before[target] ?? 0) * fading));
    const own: Project = { time: host.now(), targets: newest(targets, measured) };
    const others = Object.entries(projects)
      .filter(([path]) => path !== host.cwd)
      .sort(([, a], [, b]) => b.time - a.time);
    const kept: [string, Project][] = [[host.cwd, own]];
    let left = maximalTargets - Object.keys(own.targets).length;
    for (const [path, project] of others) {
      left -= Object.keys(project.targets).length;
      if (left < 0) break;
      kept.push([path, project]);
    }
    writeAtomic(file, `${JSON.stringify({ version: 1, projects: Object.fromEntries(kept) } satisfies History)}\n`, 0o600);
  } catch {
    // The next run orders by depth.
  }
}

/** Targets that were just built are kept before others. */
function newest(targets: Readonly<Record<string, number>>, measured: Durations): Readonly<Record<string, number>> {
  const names = Object.keys(targets);
  if (names.length <= maximalTargets) return targets;
  const ordered = [...names.filter((name) => measured.has(name)), ...names.filter((name) => !measured.has(name))];
  return Object.fromEntries(ordered.slice(0, maximalTargets).map((name) => [name, targets[name] ?? 0]));
}

function readHistory(file: string, host: Host): History {
  const empty: History = { version: 1, projects: {} };
  try {
    const stat = host.stat(file);
    if (!stat || stat.size > maximalBytes) return empty;
    const read = JSON.parse(new TextDecoder().decode(host.readFile(file))) as Partial<History>;
    const valid = Object.entries(read.version === 1 && read.projects ? read.projects : {}).filter(([, project]) => isProject(project));
    return { version: 1, projects: Object.fromEntries(valid) };
  } catch {
    return empty;
  }
}

function isProject(project: unknown): project is Project {
  const { time, targets } = (project ?? {}) as Partial<Project>;
  return typeof time === "number" && typeof targets === "object" && targets !== null && Object.values(targets).every((value) => Number.isFinite(value));
}
