/**
 * The standard library by name (spec/hcl.md 6). A family's functions are made when one of them is first
 * looked up, and families that few definitions use are loaded only for texts that name one of their
 * functions, so that a definition pays only for what it calls.
 */
import { InternalError } from "../../../diagnostics.ts";
import { string, type Type } from "../values.ts";
import { collectionFunctions } from "./collections.ts";
import { fn, type FunctionTable, numeric, param } from "./define.ts";
import { formatFunctions } from "./format.ts";
import { failure, type HclFunction, result } from "./function.ts";
import { lazyFunctions } from "./lazy.ts";
import type { LibraryHost } from "./library-host.ts";
import { mapFunctions } from "./maps.ts";
import { numberFunctions } from "./numbers.ts";
import type { RareFamilies, RareFamily } from "./rare.ts";
import { stringFunctions } from "./strings.ts";

const BYTES: Type = { kind: "bytes" };

/** Nothing in a definition makes bytes: these only ever refuse their argument. */
const bytesOnly = (): HclFunction["call"] => () => failure("bytes required");

function systemFunctions(host: LibraryHost): FunctionTable {
  return {
    homedir: fn([], () => result(string(host.env["HOME"] || host.home))),
    byteslen: fn([param("buf", BYTES)], bytesOnly()),
    bytesslice: fn([param("buf", BYTES), numeric("offset"), numeric("length")], bytesOnly()),
  };
}

const FAMILIES: readonly (readonly [names: string, make: (host: LibraryHost) => FunctionTable])[] = [
  [
    "absolute add subtract multiply divide modulo negate and or not equal notequal greaterthan greaterthanorequalto lessthan " +
      "lessthanorequalto ceil floor int log pow signum max min parseint",
    numberFunctions,
  ],
  [
    "upper lower title reverse strlen substr join split sort replace trim trimprefix trimsuffix trimspace chomp indent sanitize basename dirname",
    stringFunctions,
  ],
  ["format formatlist", formatFunctions],
  [
    "length element index hasindex indexof contains concat flatten distinct compact chunklist slice reverselist range coalesce coalescelist",
    collectionFunctions,
  ],
  ["keys values lookup merge zipmap", mapFunctions],
  ["try can convert", lazyFunctions],
  ["homedir byteslen bytesslice", systemFunctions],
];

/** Names of the families in rare.ts. */
const RARE: Readonly<Record<RareFamily, string>> = {
  regex: "regex regexall regex_replace",
  sets: "setunion setintersection setsymmetricdifference setsubtract sethaselement setproduct",
  encoding: "jsonencode jsondecode csvdecode base64encode base64decode urlencode",
  time: "timestamp formatdate formattimestamp timeadd unixtimestampparse",
  network: "cidrhost cidrnetmask cidrsubnet cidrsubnets",
  crypto: "md5 sha1 sha256 sha512 bcrypt rsadecrypt uuidv4 uuidv5",
  semver: "semvercmp",
};

const RARE_NAMES: readonly string[] = Object.values(RARE).flatMap((names) => names.split(" "));
/** JSON may spell any name with escapes. */
const ESCAPE = "\\u";
/** From so many characters on, one expression for all names is faster than looking for each; making it costs a short run too much. */
const LONG = 50_000;

function mentionsRare(text: string): boolean {
  if (text.includes(ESCAPE)) return true;
  return text.length < LONG ? RARE_NAMES.some((name) => text.includes(name)) : new RegExp(`\\b(?:${RARE_NAMES.join("|")})\\b`).test(text);
}

/** The rare families, when one of the texts may call them. */
export async function rareFamilies(texts: Iterable<string>): Promise<RareFamilies | undefined> {
  for (const text of texts) if (mentionsRare(text)) return (await import("./rare.ts")).RARE_FAMILIES;
  return undefined;
}

/** Functions by name, as a scope holds them. */
export interface FunctionLibrary {
  get(name: string): HclFunction | undefined;
  /** All names in byte order, for suggestions. */
  keys(): readonly string[];
}

/** The standard library over a host. `rare` are the families that `rareFamilies` gave for the texts. */
export function standardFunctions(host: LibraryHost, rare?: RareFamilies): FunctionLibrary {
  const families = new Map<string, () => FunctionTable>();
  const add = (names: string, make: (host: LibraryHost) => FunctionTable): void => {
    let table: FunctionTable | undefined;
    const family = (): FunctionTable => (table ??= make(host));
    for (const name of names.split(" ")) families.set(name, family);
  };
  for (const [names, make] of FAMILIES) add(names, make);
  for (const [family, names] of Object.entries(RARE) as [RareFamily, string][]) add(names, rare?.[family] ?? notLoaded(names));
  const found = new Map<string, HclFunction>();
  const find = (name: string): HclFunction | undefined => {
    const made = families.get(name)?.()[name];
    if (made) found.set(name, made);
    return made;
  };
  return {
    get: (name) => found.get(name) ?? find(name),
    keys: () => [...families.keys()].sort(),
  };
}

const notLoaded = (names: string) => (): never => {
  throw new InternalError(`a function that no text mentions was looked up, one of ${names}`);
};
