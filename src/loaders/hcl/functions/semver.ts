/** Semantic versions and constraints on them (spec/hcl.md 6.9). */

interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without the hyphen; empty for releases. */
  readonly pre: string;
}

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Some part is left open. */
  readonly open: boolean;
  readonly openMinor: boolean;
  readonly openPatch: boolean;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const TAIL = "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?";
const VERSION = new RegExp(`^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?${TAIL}$`);
const PART = "[0-9|xX*]+";
const OPEN_VERSION = `v?(${PART})(?:\\.(${PART}))?(?:\\.(${PART}))?${TAIL}`;
const SPACE = "[\\t\\n\\f\\r ]";
const CONSTRAINT = new RegExp(`(=>|=<|>=|<=|!=|~>|=|>|<|~|\\^|)${SPACE}*${OPEN_VERSION}`, "y");
const RANGE = new RegExp(`(${OPEN_VERSION})${SPACE}+-${SPACE}+(${OPEN_VERSION})`, "g");
/** Of constraints, in UTF-16 units. */
const MAX_LENGTH = 10_000;
const MAX_PART = 2n ** 64n - 1n;

function parseVersion(text: string): Outcome<Version> {
  const match = VERSION.exec(text);
  if (!match) return { ok: false, message: "invalid semantic version" };
  const [, major = "0", minor = "0", patch = "0", pre = ""] = match;
  for (const part of [major, minor, patch]) {
    if (BigInt(part) > MAX_PART) {
      return {
        ok: false,
        message: `error parsing version segment: strconv.ParseUint: parsing ${JSON.stringify(part)}: value out of range`,
      };
    }
  }
  if (pre.split(".").some((part) => /^0\d+$/.test(part))) return { ok: false, message: "version segment starts with 0" };
  return { ok: true, value: { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), pre } };
}

const order = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers before words; fewer parts before more; a release after its pre-releases. */
function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const [left, right] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [xIsNumber, yIsNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xIsNumber !== yIsNumber) return xIsNumber ? -1 : 1;
    const outcome = xIsNumber ? order(BigInt(x), BigInt(y)) : order(x, y);
    if (outcome !== 0) return outcome;
  }
  return 0;
}

function compare(a: Version, b: Version): number {
  return order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch) || comparePre(a.pre, b.pre);
}

const isOpen = (part: string | undefined): boolean => part === undefined || part === "x" || part === "X" || part === "*";

function constraintOf(match: RegExpExecArray): Outcome<Constraint> {
  const [, operator = "", major, minor, patch, pre] = match;
  const open = isOpen(major);
  const openMinor = !open && isOpen(minor);
  const openPatch = !open && !openMinor && isOpen(patch);
  const numbers = open ? "0.0.0" : openMinor ? `${major}.0.0` : openPatch ? `${major}.${minor}.0` : `${major}.${minor}.${patch}`;
  const version = parseVersion(pre === undefined ? numbers : `${numbers}-${pre}`);
  if (!version.ok) return { ok: false, message: "constraint parser error" };
  return { ok: true, value: { operator, version: version.value, open: open || openMinor || openPatch, openMinor, openPatch } };
}

/** Constraints one behind the other, apart by spaces or commas. */
function parseGroup(text: string): Outcome<readonly Constraint[]> {
  const improper: Outcome<never> = { ok: false, message: `improper constraint: ${text}` };
  const skip = (at: number): number => {
    let next = at;
    while ("\t\n\f\r ".includes(text[next] ?? "x")) next++;
    return next;
  };
  const constraints: Constraint[] = [];
  for (let at = skip(0); ; ) {
    CONSTRAINT.lastIndex = at;
    const match = CONSTRAINT.exec(text);
    if (!match) return improper;
    const constraint = constraintOf(match);
    if (!constraint.ok) return constraint;
    constraints.push(constraint.value);
    const end = at + match[0].length;
    at = skip(end);
    if (at >= text.length) return { ok: true, value: constraints };
    if (text[at] === ",") at = skip(at + 1);
    else if (at === end) return improper;
  }
}

type Check = (version: Version, constraint: Constraint) => boolean;

const isExact: Check = (v, c) => (c.open ? isClose(v, c) : compare(v, c.version) === 0);

const isOther: Check = (v, c) => {
  if (c.open) {
    if (c.version.major !== v.major) return true;
    if (c.openMinor) return false;
    if (c.version.minor !== v.minor) return true;
    if (c.openPatch) return (v.pre !== "" || c.version.pre !== "") && comparePre(v.pre, c.version.pre) !== 0;
  }
  return compare(v, c.version) !== 0;
};

/** An open constraint is above all of its range: `>1` does not take 1.2.3. */
const isAbove: Check = (v, c) => {
  if (!c.open) return compare(v, c.version) > 0;
  if (v.major !== c.version.major) return v.major > c.version.major;
  if (c.openMinor) return false;
  return c.openPatch ? v.minor > c.version.minor : compare(v, c.version) > 0;
};

const isWithinOrBelow: Check = (v, c) => {
  if (!c.open) return compare(v, c.version) <= 0;
  if (v.major > c.version.major) return false;
  return !(v.major === c.version.major && v.minor > c.version.minor && !c.openMinor);
};

/** `~`: the same minor, or the same major when the minor is open. */
const isClose: Check = (v, c) => {
  const { major, minor, patch } = c.version;
  if (compare(v, c.version) < 0) return false;
  if (major === 0n && minor === 0n && patch === 0n && !c.openMinor && !c.openPatch) return true;
  return v.major === major && (v.minor === minor || c.openMinor);
};

/** `^`: the same left-most part that is not zero. */
const isCompatible: Check = (v, c) => {
  const { major, minor, patch } = c.version;
  if (compare(v, c.version) < 0) return false;
  if (major > 0n || c.openMinor) return v.major === major;
  if (v.major > 0n) return false;
  if (minor > 0n || c.openPatch) return v.minor === minor;
  return v.minor === 0n && v.patch === patch;
};

const isBelow: Check = (v, c) => compare(v, c.version) < 0;
const isAtLeast: Check = (v, c) => compare(v, c.version) >= 0;

const CHECKS: Readonly<Record<string, Check>> = {
  "": isExact,
  "=": isExact,
  "!=": isOther,
  ">": isAbove,
  "<": isBelow,
  ">=": isAtLeast,
  "=>": isAtLeast,
  "<=": isWithinOrBelow,
  "=<": isWithinOrBelow,
  "~": isClose,
  "~>": isClose,
  "^": isCompatible,
};

/** Whether a version satisfies constraints; the message says which of the two is malformed. */
export function satisfies(version: string, constraints: string): Outcome<boolean> {
  if (constraints.length > MAX_LENGTH) return { ok: false, message: "improper constraint: it is too long" };
  const groups: (readonly Constraint[])[] = [];
  const ranges = constraints.replace(RANGE, (...parts: string[]) => `>= ${parts[1]}, <= ${parts[7]} `);
  const parsed = parseVersion(version);
  for (const text of ranges.split("||")) {
    const group = parseGroup(text);
    if (!group.ok) return group;
    groups.push(group.value);
  }
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const met = groups.some((group) => {
    // A pre-release is only looked for where a constraint of the group names one.
    if (value.pre !== "" && group.every((constraint) => constraint.version.pre === "")) return false;
    return group.every((constraint) => (CHECKS[constraint.operator] as Check)(value, constraint));
  });
  return { ok: true, value: met };
}
