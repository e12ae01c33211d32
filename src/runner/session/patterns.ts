/**
 * Docker's path patterns: compiled, and matched with the results of the parent directory
 * (spec/buildkit.md 6.3). Paths are relative with `/` separators. Knows nothing of walking.
 */
import { wildcardMatcher, type WildcardStep } from "../../wildcard.ts";

/** What each pattern said about a directory; its entries inherit a match. */
export type ParentMatch = readonly boolean[];

export interface PatternMatch {
  readonly matched: boolean;
  readonly byPattern: ParentMatch;
}

interface Pattern {
  /** Cleaned, without the `!`. */
  readonly text: string;
  readonly exception: boolean;
  readonly test: (path: string) => boolean;
}

export class PatternMatcher {
  readonly patterns: readonly Pattern[];

  /** Throws Error for a lone `!` and for a pattern whose beginning is broken; one that is broken further on throws when it is compared with. */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.flatMap((pattern) => compile(pattern) ?? []);
  }

  get hasExceptions(): boolean {
    return this.patterns.some(({ exception }) => exception);
  }

  /** `parent` is what the entry's directory got; undefined for entries of the root. */
  match(path: string, parent: ParentMatch | undefined): PatternMatch {
    const byPattern = new Array<boolean>(this.patterns.length).fill(false);
    let matched = false;
    for (let i = 0; i < this.patterns.length; i++) {
      const pattern = this.patterns[i] as Pattern;
      let match = parent?.[i] === true;
      // A pattern that could not change the verdict is not asked, and its result stays false.
      if (!match && pattern.exception === matched) match = pattern.test(path);
      byPattern[i] = match;
      if (match) matched = !pattern.exception;
    }
    return { matched, byPattern };
  }
}

function compile(source: string): Pattern | undefined {
  let text = source.trim();
  if (text === "") return undefined;
  text = cleanPath(text);
  const exception = text.startsWith("!");
  if (exception) {
    if (text.length === 1) throw new Error('illegal exclusion pattern: "!"');
    text = text.slice(1);
  }
  if (!isWellFormed(firstChunk(text))) throw new Error(`syntax error in pattern: ${text}`);
  return { text, exception, test: compiledWhenAsked(text) };
}

/** The pattern up to its first star behind leading ones: the part that is checked before anything is compared. */
const firstChunk = (text: string): string => /^\**((?:\\.|\[(?:\\.|[^\]\\])*(?:\]|$)|[^*\\[]|\\$)*)/su.exec(text)?.[1] ?? "";

const member = String.raw`(?:\\.|[^\]\\-])`;
const wellFormed = new RegExp(String.raw`^(?:\\.|\[\^?(?:${member}(?:-${member})?)+\]|[^\[\\])*$`, "su");

/** Whether classes are closed and hold something, and no backslash is the last character. */
const isWellFormed = (chunk: string): boolean => wellFormed.test(chunk);

/** Other mistakes count only when something is compared with the pattern: ignore files may hold some that never are. */
function compiledWhenAsked(text: string): (path: string) => boolean {
  let test: ((path: string) => boolean) | undefined;
  return (path) => {
    test ??= compileTest(text);
    return test(path);
  };
}

/** Removes `.`, `..`, doubled and trailing slashes, as Go's path.Clean does. */
export function cleanPath(path: string): string {
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!absolute) parts.push(part);
  }
  const joined = parts.join("/");
  if (absolute) return `/${joined}`;
  return joined === "" ? "." : joined;
}

const globs = /[*?\\[\]]/;

function compileTest(text: string): (path: string) => boolean {
  if (!globs.test(text)) return (path) => path === text;
  const plain = (part: string): boolean => !globs.test(part);
  if (text.endsWith("**") && plain(text.slice(0, -2))) {
    const prefix = text.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (text.startsWith("**") && plain(text.slice(2))) {
    const suffix = text.slice(2);
    const bare = suffix.startsWith("/") ? suffix.slice(1) : undefined;
    return (path) => path.endsWith(suffix) || path === bare;
  }
  return wildcardMatcher(stepsOf(text));
}

function stepsOf(text: string): readonly WildcardStep[] {
  const steps: WildcardStep[] = [];
  const chars = [...text];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "*") {
      if (chars[i + 1] !== "*") {
        steps.push({ kind: "name" });
        continue;
      }
      i++;
      if (chars[i + 1] === "/") i++;
      steps.push({ kind: i + 1 >= chars.length ? "rest" : "directories" });
    } else if (char === "?") steps.push({ kind: "one", test: notSlash });
    else if (char === "[") {
      const end = classEnd(chars, i);
      steps.push(oneOf(classSource(chars.slice(i, end).join(""))));
      i = end - 1;
    } else if (char === "\\") {
      const next = chars[++i] ?? "\\";
      steps.push(/[dDsSwW]/.test(next) ? oneOf(`\\${next}`) : { kind: "char", char: next });
    } else steps.push({ kind: "char", char });
  }
  return steps;
}

const notSlash = (char: string): boolean => char !== "/";

function oneOf(source: string): WildcardStep {
  const regex = new RegExp(`^${source}$`, "u");
  return { kind: "one", test: (char) => regex.test(char) };
}

/** Offset behind the `]` of a class that opens at `start`; a first `]` is a member. */
function classEnd(chars: readonly string[], start: number): number {
  let at = start + 1;
  if (chars[at] === "^") at++;
  if (chars[at] === "]") at++;
  for (; at < chars.length; at++) {
    if (chars[at] === "\\") at++;
    else if (chars[at] === "]") return at + 1;
  }
  throw new Error(`syntax error in pattern: ${chars.join("")}`);
}

function classSource(text: string): string {
  const negated = text[1] === "^";
  const body = text.slice(negated ? 2 : 1, -1);
  const members = body.replace(/\\(.)|([[\](){}/|])/gu, (_all, quoted: string | undefined, plain: string | undefined) => {
    if (quoted !== undefined) return /[dDsSwW]/.test(quoted) ? `\\${quoted}` : memberOf(quoted);
    return memberOf(plain as string);
  });
  return `[${negated ? "^" : ""}${members}]`;
}

const memberOf = (char: string): string => (/[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);
