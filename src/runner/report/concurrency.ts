/** How many things were under way at each time. */
import type { Level, Span } from "./report.ts";

/** The steps of a staircase: at each time from which on the count is another. Starts and ends at 0. */
export function levels(spans: readonly Span[]): readonly Level[] {
  const changes = new Map<number, number>();
  const change = (time: number, by: number): void => void changes.set(time, (changes.get(time) ?? 0) + by);
  for (const [from, to] of spans) {
    if (to <= from) continue;
    change(from, 1);
    change(to, -1);
  }
  const result: Level[] = [];
  let count = 0;
  for (const [time, by] of [...changes].sort(([a], [b]) => a - b)) {
    if (by === 0) continue;
    count += by;
    result.push([time, count]);
  }
  return result;
}
