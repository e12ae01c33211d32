/**
 * Brings the times of engines to the local clock. What an engine reports has happened, so the local time at
 * which it is heard is the latest it can have been; over a build the smallest difference is the clocks' own.
 * (The displays shift every target to its own start instead, as the reference does; a time line must not.)
 */
const ONE_CLOCK_NS = 1_000_000_000n;

export class ClockOffsets {
  readonly #offsets = new Map<string, bigint>();

  /** A target's stream told at `heard` (local) of something at `time` (engine). */
  observe(target: string, time: bigint, heard: bigint): void {
    const offset = heard - time;
    const known = this.#offsets.get(target);
    if (known === undefined || offset < known) this.#offsets.set(target, offset);
  }

  /** What to add to the times of each target. Targets whose offsets differ by less than a second share an engine. */
  settle(): ReadonlyMap<string, bigint> {
    const sorted = [...this.#offsets].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    const settled = new Map<string, bigint>();
    let base: bigint | undefined;
    for (const [target, offset] of sorted) {
      if (base === undefined || offset - base > ONE_CLOCK_NS) base = offset;
      settled.set(target, base);
    }
    return settled;
  }
}
