/**
 * Who may work now: a counting gate whose waiters are served by priority, and the per-job milestones
 * that linked jobs wait for (spec/buildkit.md 4.5). Knows nothing of engines.
 */

/** A place in a gate; releasing twice is harmless. */
export type Release = () => void;

interface Waiter {
  readonly weight: number;
  readonly priority: number;
  readonly order: number;
  readonly admit: (release: Release) => void;
}

/** Admits work up to a total weight. Higher priority first, then first come first served. */
export class Gate {
  readonly #limit: number;
  #used = 0;
  #count = 0;
  readonly #waiting: Waiter[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Waits for room. Work heavier than the gate is admitted alone. Rejects with the signal's reason
   * when that fires first.
   */
  enter(options: { readonly weight?: number; readonly priority?: number; readonly signal?: AbortSignal } = {}): Promise<Release> {
    const { signal, priority = 0 } = options;
    const weight = Math.min(options.weight ?? 1, this.#limit);
    return new Promise<Release>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason as Error);
        this.#admit();
      };
      const waiter: Waiter = {
        weight,
        priority,
        order: this.#count++,
        admit: (release) => {
          signal?.removeEventListener("abort", leave);
          resolve(release);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#insert(waiter);
      this.#admit();
    });
  }

  #insert(waiter: Waiter): void {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#waiting[middle] as Waiter;
      if (other.priority > waiter.priority || (other.priority === waiter.priority && other.order < waiter.order)) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiter);
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#used + next.weight <= this.#limit; next = this.#waiting[0]) {
      this.#waiting.shift();
      const { weight } = next;
      this.#used += weight;
      let held = true;
      next.admit(() => {
        if (!held) return;
        held = false;
        this.#used -= weight;
        this.#admit();
      });
    }
  }
}

/** Something that happens once, or never because its job failed. */
export class Milestone<T = void> {
  readonly promise: Promise<T>;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be waiting when a job fails.
    this.promise.catch(() => undefined);
  }

  reach(value: T): void {
    this.#resolve(value);
  }

  /** Releases everyone who waits, with the failure. */
  miss(reason: unknown): void {
    this.#reject(reason);
  }
}

/** Opens once everyone who is expected has arrived: nobody's output goes out before everybody has evaluated. */
export class Barrier {
  readonly #missing: Set<string>;
  readonly #opened: Milestone = new Milestone();

  constructor(expected: readonly string[]) {
    this.#missing = new Set(expected);
    if (this.#missing.size === 0) this.#opened.reach();
  }

  /** Says that one has arrived (again), and resolves once all have. */
  async pass(id: string): Promise<void> {
    this.#missing.delete(id);
    if (this.#missing.size === 0) this.#opened.reach();
    await this.#opened.promise;
  }
}
