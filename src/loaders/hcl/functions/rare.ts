/** Function families that few definitions use; standard.ts loads them for texts that name one of their functions. */
import { bool, textOf, type Value } from "../values.ts";
import { cryptoFunctions } from "./crypto.ts";
import { fn, type FunctionTable, text } from "./define.ts";
import { encodingFunctions } from "./encoding.ts";
import { failure, result } from "./function.ts";
import { networkFunctions } from "./network.ts";
import { regexFunctions } from "./regex.ts";
import { satisfies } from "./semver.ts";
import { setFunctions } from "./sets.ts";
import type { LibraryHost } from "./library-host.ts";
import { timeFunctions } from "./time.ts";

export type RareFamily = "regex" | "sets" | "encoding" | "time" | "network" | "crypto" | "semver";
export type RareFamilies = Readonly<Record<RareFamily, (host: LibraryHost) => FunctionTable>>;

export const RARE_FAMILIES: RareFamilies = {
  regex: regexFunctions,
  sets: setFunctions,
  encoding: encodingFunctions,
  time: (host) => timeFunctions(() => host.now()),
  network: networkFunctions,
  crypto: (host) => cryptoFunctions((length) => host.randomBytes(length)),
  semver: semverFunctions,
};

function semverFunctions(): FunctionTable {
  return {
    semvercmp: fn([text("version"), text("contraint")], ([version, constraint]) => {
      const outcome = satisfies(textOf(version as Value), textOf(constraint as Value));
      return outcome.ok ? result(bool(outcome.value)) : failure(outcome.message);
    }),
  };
}
