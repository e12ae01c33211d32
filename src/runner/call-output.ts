/**
 * What `--call` prints: the frontend's answers for all targets, as text or as one JSON document
 * (spec/buildkit.md 4.6, spec/bake.md 11.5).
 */
import type { Target } from "../bake/model.ts";
import type { ResolvedBake } from "../bake/resolved.ts";
import type { Plan, PlannedCall } from "../planner/plan.ts";
import { formatLint, lintFailure, readLint } from "./lint-output.ts";
import { table } from "./table.ts";

export interface CallAnswers {
  readonly plan: Pick<Plan, "jobs">;
  /** By target, as `RunResult` has them. */
  readonly responses: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly resolved: Pick<ResolvedBake, "targets" | "groups">;
  /** One JSON document for all targets. */
  readonly json: boolean;
}

export interface CallOutput {
  readonly text: string;
  readonly exitCode: number;
}

type Response = Readonly<Record<string, string>>;

/** One target's answer: text, why it could not be given, and the exit status it asks for. */
interface Printed {
  readonly text: string;
  readonly error?: string;
  readonly exitCode: number;
}

/** Text for standard output and the exit status: that of the first answer that asks for one. */
export function callOutput({ plan, responses, resolved, json }: CallAnswers): CallOutput {
  const calls = new Map(plan.jobs.flatMap(({ target, call }) => (call ? [[target, call] as const] : [])));
  const answers = [...calls.keys()].sort().map((name) => {
    const call = calls.get(name) as PlannedCall;
    const target = resolved.targets.get(name)?.target;
    const response = responses.get(name) ?? {};
    return { name, call, target, response, printed: printAnswer(call, response, target) };
  });
  const exitCode = answers.map(({ printed }) => printed.exitCode).find((code) => code !== 0) ?? 0;
  if (!json) return { text: answers.map(({ name, target, printed }) => answerText(name, target, printed)).join("\n"), exitCode };
  const targets = answers.map(({ name, call, target, response, printed }) => [name, { build: target, ...answerJson(call, response, printed) }]);
  const document = {
    group: Object.fromEntries([...resolved.groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(groupJson)),
    target: Object.fromEntries(targets) as object,
  };
  return { text: `${escapeHtml(JSON.stringify(document, undefined, 2))}\n`, exitCode };
}

const groupJson = ([name, { description, targets }]: readonly [string, { readonly description?: string; readonly targets: readonly string[] | null }]): [
  string,
  object,
] => [name, { ...(description === undefined ? {} : { description }), targets }];

function answerText(name: string, target: Target | undefined, { text, error }: Printed): string {
  const description = target?.description ? `${target.description}\n` : "";
  return `${name}\n${description}\n${text}${error === undefined ? "" : `error: ${error}\n`}`;
}

/** The answer beside the target, under the name people use; keys of the answer are sorted as the reference's are. */
function answerJson({ name }: PlannedCall, response: Response, { error }: Printed): object {
  const key = name === "lint" ? "check" : name;
  const value = JSON.parse(response["result.json"] ?? "{}") as unknown;
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : { [key]: value };
  const all = { ...object, ...(error === undefined ? {} : { error }) };
  return { [key]: Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const knownVersion = "1.0.0";

function printAnswer({ name, ignoreStatus }: PlannedCall, response: Response, target: Target | undefined): Printed {
  const status = Number(response["result.statuscode"] ?? "0");
  const exitCode = ignoreStatus || !Number.isInteger(status) ? 0 : status;
  const text = response["result.txt"];
  const newer = text !== undefined && isNewer(response["version"] ?? "", knownVersion);
  switch (name) {
    case "lint": {
      const lint = readLint(response["result.json"]);
      const source = sourceName(target);
      const shown = newer ? text : formatLint(lint, source);
      const error = lintFailure(lint, source);
      return error === undefined ? { text: shown, exitCode } : { text: shown, error, exitCode: 1 };
    }
    case "outline":
      return { text: newer ? text : outlineText(parse<Outline>(response)), exitCode };
    case "targets":
      return { text: newer ? text : targetsText(parse<TargetList>(response)), exitCode };
    case "subrequests.describe":
      return { text: newer ? text : requestsText(parse<readonly Request[]>(response)), exitCode };
    default:
      return { text: text ?? "", exitCode };
  }
}

const parse = <T>(response: Response): T => JSON.parse(response["result.json"] ?? "null") as T;

/** The name that people gave the Dockerfile: the engine knows only the file's own. */
function sourceName(target: Target | undefined): string | undefined {
  if (!target) return undefined;
  if (target["dockerfile-inline"]) return "inline";
  const { context, dockerfile } = target;
  if (/^[a-z+]+:\/\/|^git@|^github\.com\//.test(context)) return `${context}/${dockerfile}`;
  return dockerfile.startsWith("/") ? dockerfile : joinPath(context, dockerfile);
}

function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return `${base.startsWith("/") ? "/" : ""}${parts.join("/")}`;
}

interface Outline {
  readonly name?: string;
  readonly description?: string;
  readonly args?: readonly { readonly name: string; readonly value?: string; readonly description?: string }[] | null;
  readonly secrets?: readonly { readonly name: string; readonly required?: boolean }[] | null;
  readonly ssh?: readonly { readonly name: string; readonly required?: boolean }[] | null;
}

function outlineText({ name, description, args, secrets, ssh }: Outline): string {
  const required = (list: NonNullable<Outline["secrets"]>): string[][] => list.map((each) => [each.name, each.required === true ? "true" : ""]);
  const head = name || description ? `${table([["TARGET:", name || "(default)"], ...(description ? [["DESCRIPTION:", description]] : [])], 1)}\n` : "";
  const section = (title: readonly string[], rows: readonly (readonly string[])[]): string => (rows.length === 0 ? "" : `${table([title, ...rows], 3)}\n`);
  return (
    head +
    section(
      ["BUILD ARG", "VALUE", "DESCRIPTION"],
      (args ?? []).map((arg) => [arg.name, arg.value ?? "", arg.description ?? ""]),
    ) +
    section(["SECRET", "REQUIRED"], required(secrets ?? [])) +
    section(["SSH", "REQUIRED"], required(ssh ?? []))
  );
}

interface TargetList {
  readonly targets?: readonly { readonly name?: string; readonly default?: boolean; readonly description?: string }[] | null;
}

function targetsText({ targets }: TargetList): string {
  const label = (name: string, isDefault: boolean): string => (isDefault ? (name === "" ? "(default)" : `${name} (default)`) : name);
  const rows = (targets ?? []).map((target) => [label(target.name ?? "", target.default === true), target.description ?? ""]);
  return table([["TARGET", "DESCRIPTION"], ...rows], 1);
}

interface Request {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
}

function requestsText(requests: readonly Request[]): string {
  const rows = requests.map(({ name, version = "", description = "" }) => [name.replace(/^frontend\./, ""), version, description]);
  return table([["NAME", "VERSION", "DESCRIPTION"], ...rows], 1);
}

function isNewer(version: string, known: string): boolean {
  const [own, other] = [version, known].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(own.length, other.length); i++) {
    const difference = (own[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const escapeHtml = (text: string): string => text.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
