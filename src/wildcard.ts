/**
 * Matches patterns with wildcards in time linear in the text, whatever the pattern: a text is read once, and all ways through the
 * pattern are followed side by side. Which characters are wildcards is for others to say. Shared by all rooms, imports nothing.
 */

export type WildcardStep =
  | { readonly kind: "char"; readonly char: string }
  /** One character of which something is true. */
  | { readonly kind: "one"; readonly test: (char: string) => boolean }
  /** Any number of characters but slashes. */
  | { readonly kind: "name" }
  /** Any number of characters but line ends. */
  | { readonly kind: "rest" }
  /** Nothing, or any number of characters but line ends, the last of which is a slash. */
  | { readonly kind: "directories" };

/** A matcher of whole texts. */
export function wildcardMatcher(steps: readonly WildcardStep[]): (text: string) => boolean {
  let from = 0;
  let to = steps.length;
  let prefix = "";
  let suffix = "";
  for (let step = steps[from]; from < to && step?.kind === "char"; step = steps[++from]) prefix += step.char;
  for (let step = steps[to - 1]; to > from && step?.kind === "char"; step = steps[--to - 1]) suffix = step.char + suffix;
  const middle = steps.slice(from, to);
  if (middle.length === 0) return (text) => text === prefix;
  const matchMiddle = middleMatcher(middle);
  const needed = longestText(middle);
  // Most texts are told apart by what stands at their ends and by a word in between.
  return (text) =>
    text.length >= prefix.length + suffix.length &&
    text.startsWith(prefix) &&
    text.endsWith(suffix) &&
    text.includes(needed, prefix.length) &&
    matchMiddle(text.slice(prefix.length, text.length - suffix.length));
}

/** Most patterns have one wildcard: all but one character may stand for it. */
function middleMatcher(steps: readonly WildcardStep[]): (text: string) => boolean {
  const kind = steps.length === 1 ? steps[0]?.kind : undefined;
  if (kind === "name") return (text) => !text.includes("/");
  if (kind === "rest") return (text) => !text.includes("\n");
  const threads = new Threads(steps);
  return (text) => threads.match(text);
}

function longestText(steps: readonly WildcardStep[]): string {
  let longest = "";
  let current = "";
  for (const step of steps) {
    current = step.kind === "char" ? current + step.char : "";
    if (current.length > longest.length) longest = current;
  }
  return longest;
}

/** State `2i` is before step `i`, state `2i + 1` inside the directories that step `i` stands for. */
class Threads {
  readonly #steps: readonly WildcardStep[];
  /** In which round a state was last entered. */
  readonly #entered: Float64Array;
  #round = 0;
  #states: number[] = [];

  constructor(steps: readonly WildcardStep[]) {
    this.#steps = steps;
    this.#entered = new Float64Array(2 * steps.length + 1);
  }

  match(text: string): boolean {
    this.#begin();
    this.#enter(0);
    for (const char of text) {
      const before = this.#states;
      if (before.length === 0) return false;
      this.#begin();
      for (const state of before) this.#advance(state, char);
    }
    return this.#entered[2 * this.#steps.length] === this.#round;
  }

  #begin(): void {
    this.#round++;
    this.#states = [];
  }

  /** What may stand for nothing is passed at once. */
  #enter(state: number): void {
    for (let next = state; this.#entered[next] !== this.#round; next += 2) {
      this.#entered[next] = this.#round;
      this.#states.push(next);
      const kind = next % 2 === 1 ? undefined : this.#steps[next / 2]?.kind;
      if (kind !== "name" && kind !== "rest" && kind !== "directories") return;
    }
  }

  #advance(state: number, char: string): void {
    const step = this.#steps[state >> 1];
    switch (step?.kind) {
      case "char":
        if (step.char === char) this.#enter(state + 2);
        break;
      case "one":
        if (step.test(char)) this.#enter(state + 2);
        break;
      case "name":
        if (char !== "/") this.#enter(state);
        break;
      case "rest":
        if (char !== "\n") this.#enter(state);
        break;
      case "directories":
        if (char !== "\n") this.#enter(state | 1);
        if (char === "/") this.#enter((state | 1) + 1);
        break;
      case undefined:
        // Behind the last step nothing more may come.
        break;
      default:
        step satisfies never;
    }
  }
}
