/** What the differential tests share: a case, running many of them, and telling how answers differ. */
import type { Outcome } from "./reference.ts";

export interface FuzzCase {
  readonly seed: number;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs cases two at a time; the machine has few cores. */
export async function each(seeds: readonly number[], visit: (seed: number) => Promise<void>): Promise<void> {
  const queue = [...seeds];
  const worker = async (): Promise<void> => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) await visit(seed);
  };
  await Promise.all([worker(), worker()]);
}

export const seedsTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export function describeDifference(fuzz: FuzzCase, want: Outcome, got: Outcome): string {
  const files = Object.entries(fuzz.files)
    .map(([name, text]) => `--- ${name}\n${text}`)
    .join("");
  return `seed ${fuzz.seed}: ${fuzz.args.join(" ")} ${JSON.stringify(fuzz.env)}\n${files}want ${JSON.stringify(want)}\n got ${JSON.stringify(got)}`;
}
