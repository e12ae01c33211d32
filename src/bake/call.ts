/** Values of `call`, `--call` and `--check` (spec/bake.md 8.4). */
import { csvFields } from "./entries/csv.ts";
import { goBool, notBool } from "../go-text.ts";
import type { Parsed } from "./parsed.ts";

/** A question to the frontend instead of a build. */
export interface Call {
  /** Empty and `build` mean a build. */
  readonly name: string;
  readonly format?: string;
  readonly ignoreStatus: boolean;
}

/** Parses `NAME[,format=F][,ignorestatus=BOOL]`; `check` is the engine's `lint`. The empty text gives undefined. */
export function parseCall(text: string): Parsed<Call | undefined> {
  if (text === "") return { ok: true, value: undefined };
  const split = csvFields(text);
  if (!split.ok) return split;
  let name = "";
  let format: string | undefined;
  let ignoreStatus = false;
  for (const field of split.fields) {
    const equals = field.indexOf("=");
    const value = field.slice(equals + 1);
    if (equals < 0) {
      if (name !== "") return { ok: false, message: `invalid print value: ${text}` };
      name = field;
    } else if (field.startsWith("format=")) format = value;
    else if (field.startsWith("ignorestatus=")) {
      const parsed = goBool(value);
      if (parsed === undefined) return { ok: false, message: `invalid ignorestatus print value: ${value}: ${notBool(value)}` };
      ignoreStatus = parsed;
    } else return { ok: false, message: `invalid print field: ${field}` };
  }
  return { ok: true, value: { name: name === "check" ? "lint" : name, ...(format === undefined ? {} : { format }), ignoreStatus } };
}
