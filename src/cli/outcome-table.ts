/** What became of each target of a run that went on after failures: a table for the end. */
import { formatTable } from "../bake/table.ts";
import type { BakeEvent, TargetState } from "../events.ts";

interface Row {
  state: TargetState;
  /** Nanoseconds since the epoch. */
  started?: bigint;
  ended?: bigint;
  attempt: number;
  error?: string;
}

export class OutcomeTable {
  readonly #rows = new Map<string, Row>();

  handle(event: BakeEvent): void {
    if (event.type !== "target") return;
    const { target, state, attempt, time, error } = event;
    const row: Row = this.#rows.get(target) ?? { state, attempt };
    this.#rows.set(target, row);
    row.state = state;
    row.attempt = attempt;
    if (error !== undefined) row.error = error;
    if (state === "running") row.started ??= time;
    if (state !== "waiting" && state !== "running" && state !== "exporting") row.ended = time;
  }

  /** Failed ones first, then skipped ones, then the others; each kind in the order of the plan. */
  format(): string {
    const order: readonly TargetState[] = ["failed", "skipped", "cancelled"];
    const rank = ({ state }: Row): number => (order.includes(state) ? order.indexOf(state) : order.length);
    const rows = [...this.#rows].sort(([, a], [, b]) => rank(a) - rank(b));
    return formatTable([
      ["TARGET", "RESULT", "TIME", "WHY"],
      ...rows.map(([target, row]) => [target, resultOf(row), timeOf(row), row.state === "succeeded" ? "" : firstLine(row.error ?? "", target)]),
    ]);
  }
}

const resultOf = ({ state, attempt }: Row): string => (attempt > 1 ? `${state} (attempt ${attempt})` : state);

/** One that was skipped may have begun, but that is nobody's concern. */
function timeOf({ state, started, ended }: Row): string {
  return state === "skipped" || started === undefined || ended === undefined ? "" : `${(Number(ended - started) / 1e9).toFixed(1)}s`;
}

/** The table names the target already. */
function firstLine(error: string, target: string): string {
  const [line = ""] = error.split("\n", 1);
  const prefix = `target ${target}: `;
  return line.startsWith(prefix) ? line.slice(prefix.length) : line;
}
