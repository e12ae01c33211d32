/**
 * The standard library by name (spec/hcl.md 6). A family's functions are made when one of them is first
 * looked up, so that a definition pays only for what it calls.
 */
import type { Host } from "../../../host.ts";
import { bool, string, textOf, type Type, type Value } from "../values.ts";
import { collectionFunctions } from "./collections.ts";
import { cryptoFunctions } from "./crypto.ts";
import { fn, type FunctionTable, numeric, param, text } from "./define.ts";
import { encodingFunctions } from "./encoding.ts";
import { formatFunctions } from "./format.ts";
import { failure, type HclFunction, result } from "./function.ts";
import { lazyFunctions } from "./lazy.ts";
import { mapFunctions } from "./maps.ts";
import { networkFunctions } from "./network.ts";
import { numberFunctions } from "./numbers.ts";
import { regexFunctions } from "./regex.ts";
import { satisfies } from "./semver.ts";
import { setFunctions } from "./sets.ts";
import { stringFunctions } from "./strings.ts";
import { timeFunctions } from "./time.ts";

/** What functions see of the world: clock, randomness, and the home directory. */
export type LibraryHost = Pick<Host, "env" | "home" | "now" | "randomBytes">;

const BYTES: Type = { kind: "bytes" };

/** Nothing in a definition makes bytes: these only ever refuse their argument. */
const bytesOnly = (): HclFunction["call"] => () => failure("bytes required");

function systemFunctions(host: LibraryHost): FunctionTable {
  return {
    homedir: fn([], () => result(string(host.env["HOME"] || host.home))),
    semvercmp: fn([text("version"), text("contraint")], ([version, constraint]) => {
      const outcome = satisfies(textOf(version as Value), textOf(constraint as Value));
      return outcome.ok ? result(bool(outcome.value)) : failure(outcome.message);
    }),
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
  ["regex regexall regex_replace", regexFunctions],
  [
    "length element index hasindex indexof contains concat flatten distinct compact chunklist slice reverselist range coalesce coalescelist",
    collectionFunctions,
  ],
  ["keys values lookup merge zipmap", mapFunctions],
  ["setunion setintersection setsymmetricdifference setsubtract sethaselement setproduct", setFunctions],
  ["jsonencode jsondecode csvdecode base64encode base64decode urlencode", encodingFunctions],
  ["try can convert", lazyFunctions],
  ["timestamp formatdate formattimestamp timeadd unixtimestampparse", (host) => timeFunctions(() => host.now())],
  ["cidrhost cidrnetmask cidrsubnet cidrsubnets", networkFunctions],
  ["md5 sha1 sha256 sha512 bcrypt rsadecrypt uuidv4 uuidv5", (host) => cryptoFunctions((length) => host.randomBytes(length))],
  ["homedir semvercmp byteslen bytesslice", systemFunctions],
];

/** Functions by name, as a scope holds them. */
export interface FunctionLibrary {
  get(name: string): HclFunction | undefined;
  /** All names in byte order, for suggestions. */
  keys(): readonly string[];
}

/** The standard library over a host. */
export function standardFunctions(host: LibraryHost): FunctionLibrary {
  const families = new Map<string, () => FunctionTable>();
  for (const [names, make] of FAMILIES) {
    let table: FunctionTable | undefined;
    const family = (): FunctionTable => (table ??= make(host));
    for (const name of names.split(" ")) families.set(name, family);
  }
  return {
    get: (name) => families.get(name)?.()[name],
    keys: () => [...families.keys()].sort(),
  };
}
