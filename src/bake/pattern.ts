/** Patterns for target names: Go's path.Match, without slashes in practice (spec/bake.md 7.1). */

import { wildcardMatcher, type WildcardStep } from "../wildcard.ts";

/** True when a requested name is a pattern. */
export const isPattern = (name: string): boolean => /[*?[\]]/.test(name);

/** A matcher for a pattern, or undefined when it is malformed. */
export function compilePattern(pattern: string): ((name: string) => boolean) | undefined {
  const steps: WildcardStep[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "*") steps.push({ kind: "name" });
    else if (char === "?") steps.push({ kind: "one", test: (other) => other !== "/" });
    else if (char === "[") {
      const set = compileSet(chars, i + 1);
      if (!set) return undefined;
      const one = new RegExp(`^${set.source}$`, "u");
      steps.push({ kind: "one", test: (other) => one.test(other) });
      i = set.end;
    } else if (char === "\\") {
      const next = chars[++i];
      if (next === undefined) return undefined;
      steps.push({ kind: "char", char: next });
    } else steps.push({ kind: "char", char });
  }
  return wildcardMatcher(steps);
}

const literal = (char: string): string => (/[A-Za-z0-9_]/.test(char) ? char : `\\u{${(char.codePointAt(0) as number).toString(16)}}`);

/** `[abc]`, `[a-z]`, `[^a]`; at least one range, a backslash escapes, and a closing bracket is required. */
function compileSet(chars: readonly string[], start: number): { source: string; end: number } | undefined {
  let at = start;
  const negated = chars[at] === "^";
  if (negated) at++;
  let ranges = "";
  const one = (): string | undefined => {
    let char = chars[at];
    if (char === undefined || char === "-" || char === "]") return undefined;
    if (char === "\\") char = chars[++at];
    at++;
    return char;
  };
  for (;;) {
    if (chars[at] === "]" && ranges !== "") break;
    const low = one();
    if (low === undefined) return undefined;
    let high = low;
    if (chars[at] === "-") {
      at++;
      const end = one();
      if (end === undefined) return undefined;
      high = end;
    }
    // A range upside down matches nothing; it still counts as a range.
    ranges += low <= high ? `${literal(low)}-${literal(high)}` : "(?!)";
    if (at >= chars.length) return undefined;
  }
  const parts = ranges.replaceAll("(?!)", "");
  return { source: parts === "" ? (negated ? "[^]" : "(?!)") : negated ? `[^${parts}]` : `[${parts}]`, end: at };
}
