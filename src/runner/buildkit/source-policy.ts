/** A static source policy file as the message that engines take (spec/buildkit.md 3). */
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { Policy, type Rule } from "./wire/sourcepolicy.ts";

type Json = Readonly<Record<string, unknown>>;

/** Reads the file of EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: JSON, whose enum values are names or numbers. */
export function readSourcePolicy(path: string, host: Host): Uint8Array {
  let policy: Json;
  try {
    policy = JSON.parse(Buffer.from(host.readFile(path)).toString("utf8")) as Json;
  } catch (cause) {
    throw new BakeError("run.source-policy", `failed to read source policy ${path}: ${(cause as Error).message}`, { cause });
  }
  return Policy.encode(Policy.fromPartial({ version: BigInt(Number(policy["version"] ?? 0)), rules: list(policy["rules"]).map(ruleOf) })).finish();
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

function enumValue(value: unknown, names: readonly string[]): number {
  if (typeof value === "number") return value;
  return Math.max(0, names.indexOf(text(value)));
}

const textMap = (value: unknown): Record<string, string> => Object.fromEntries(Object.entries(object(value)).map(([key, item]) => [key, text(item)]));

function ruleOf(rule: Json): Rule {
  const selector = object(rule["selector"]);
  const updates = rule["updates"] === undefined ? undefined : object(rule["updates"]);
  return {
    action: enumValue(rule["action"], ["ALLOW", "DENY", "CONVERT"]),
    selector: {
      identifier: text(selector["identifier"]),
      matchType: enumValue(selector["matchType"] ?? selector["match_type"], ["WILDCARD", "EXACT", "REGEX"]),
      constraints: list(selector["constraints"]).map(({ key, value, condition }) => ({
        key: text(key),
        value: text(value),
        condition: enumValue(condition, ["EQUAL", "NOTEQUAL", "MATCHES"]),
      })),
    },
    updates: updates && { identifier: text(updates["identifier"]), attrs: textMap(updates["attrs"]) },
  };
}
