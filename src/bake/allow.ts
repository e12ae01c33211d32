/** Values of `--allow`: what the user grants (spec/bake.md 10.1). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { csvFields } from "./entries/csv.ts";
import { quote } from "../go-text.ts";

/** Privileges that have no path or name. */
export type Switch = "network.host" | "security.insecure" | "buildx.local.delete" | "ssh";

export interface Allowed {
  readonly switches: ReadonlySet<Switch>;
  readonly allDevices: boolean;
  readonly devices: ReadonlySet<string>;
  /** As given; `*` is everything, the empty text the current directory. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const switches: readonly string[] = ["network.host", "security.insecure", "ssh"] satisfies readonly Switch[];

/** Parses grants in order; the first mistake ends it. */
export function parseAllow(values: readonly string[]): Result<Allowed> {
  const allowed = { switches: new Set<Switch>(), allDevices: false, devices: new Set<string>(), read: [] as string[], write: [] as string[] };
  for (const value of values) {
    const equals = value.indexOf("=");
    const key = equals < 0 ? value : value.slice(0, equals);
    const rest = equals < 0 ? "" : value.slice(equals + 1);
    if (equals < 0 && switches.includes(key)) allowed.switches.add(key as Switch);
    else if (key === "buildx.local.delete") {
      if (equals >= 0) return fail(plainError("bake.allow", "buildx.local.delete does not accept a value"));
      allowed.switches.add(key);
    } else if (key === "device") {
      const name = deviceName(rest);
      if (name === "") allowed.allDevices = true;
      else allowed.devices.add(name);
    } else if (key === "fs" || key === "fs.read" || key === "fs.write") {
      if (key !== "fs.write") allowed.read.push(rest);
      if (key !== "fs.read") allowed.write.push(rest);
    } else if (key !== "image" && key !== "image.load" && key !== "image.push") return fail(plainError("bake.allow", `unknown entitlement key ${quote(key)}`));
  }
  return ok(allowed);
}

/** The name in `NAME[,option...]`. */
export function deviceName(text: string): string {
  const split = csvFields(text);
  return split.ok ? (split.fields[0] ?? "") : text;
}
