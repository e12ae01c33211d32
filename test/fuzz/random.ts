/** A small seeded generator, so that a fuzz case is its seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }

  some<T>(items: readonly T[], probability: number): T[] {
    return items.filter(() => this.chance(probability));
  }
}

/** How often each form was generated. */
export class Coverage {
  readonly counts = new Map<string, number>();

  hit(form: string): void {
    this.counts.set(form, (this.counts.get(form) ?? 0) + 1);
  }

  /** Forms below a number of hits, among those that are expected. */
  missing(expected: readonly string[], least: number): string[] {
    return expected.filter((form) => (this.counts.get(form) ?? 0) < least);
  }
}
