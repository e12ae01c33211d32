/** Where values of variables come from outside the files: `--var`, the environment, `--env-file` (spec/bake.md 5.3). */
import type { LoadInput, VariableInfo } from "../../bake/definition.ts";
import type { Host } from "../../host.ts";
import { goBool } from "../../go-text.ts";

export interface Override {
  readonly text: string;
  /** Found under `NAME_JSON` for a typed variable. */
  readonly json: boolean;
  readonly origin: VariableInfo["origin"];
}

export interface Overrides {
  /** The override of a variable, if any. */
  get(name: string, typed: boolean): Override | undefined;
}

type Found = Omit<Override, "json">;

const DISABLE = "BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP";

/** `isDeclared` tells variables and built-ins: what is called `X_JSON` itself is not the JSON form of `X`. */
export function variableOverrides(
  { vars, envFileVars }: Pick<LoadInput, "vars" | "envFileVars">,
  host: Host,
  isDeclared: (name: string) => boolean,
): Overrides {
  const environment = goBool(host.env[DISABLE]) === true ? {} : host.env;
  const lookup = (name: string): Found | undefined => {
    const flag = vars.get(name);
    if (flag !== undefined) return { text: flag, origin: "flag" };
    const variable = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (variable !== undefined) return { text: variable, origin: "environment" };
    const fromFile = envFileVars?.get(name);
    return fromFile === undefined ? undefined : { text: fromFile, origin: "env-file" };
  };
  return {
    get(name, typed) {
      const plain = lookup(name);
      const json = (plain && !typed) || isDeclared(`${name}_JSON`) ? undefined : lookup(`${name}_JSON`);
      const found = json ?? plain;
      return found && { ...found, json: json !== undefined && typed };
    },
  };
}
