/**
 * Runs `opa`, the evaluator of Open Policy Agent, as a child: policies see only what they are given, and
 * may use only the functions that the reference allows. In particular none that reaches out.
 */
import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";

/** Functions that policies may use. */
const allowed: ReadonlySet<string> = new Set(
  (
    "eq assign internal.member_2 internal.member_3 gt gte lt lte neq equal plus minus mul div ceil floor round abs rem bits.or bits.and bits.negate bits.xor bits.lsh bits.rsh and or count sum product " +
    "max min any all array.concat array.flatten array.slice array.reverse to_number cast_object cast_null cast_boolean cast_string cast_set cast_array regex.is_valid regex.match re_match regex.split " +
    "regex.globs_match regex.template_match regex.find_n regex.find_all_string_submatch_n regex.replace set_diff intersection union strings.any_prefix_match strings.any_suffix_match concat format_int " +
    "indexof indexof_n substring lower upper contains strings.count startswith endswith split replace strings.replace_n trim trim_left trim_prefix trim_right trim_suffix trim_space sprintf " +
    "strings.reverse strings.render_template numbers.range numbers.range_step rand.intn json.marshal json.marshal_with_options json.unmarshal json.is_valid base64.encode base64.decode base64.is_valid " +
    "base64url.encode base64url.encode_no_pad base64url.decode urlquery.decode urlquery.encode urlquery.encode_object urlquery.decode_object yaml.marshal yaml.unmarshal yaml.is_valid hex.encode " +
    "hex.decode object.union object.union_n object.remove object.filter object.get object.keys object.subset json.filter json.remove json.patch time.now_ns time.parse_ns time.parse_rfc3339_ns " +
    "time.parse_duration_ns time.format time.date time.clock time.weekday time.add_date time.diff sort is_number is_string is_boolean is_array is_set is_object is_null type_name glob.match " +
    "glob.quote_meta units.parse units.parse_bytes uuid.rfc4122 uuid.parse semver.is_valid semver.compare print internal.print internal.template_string"
  ).split(" "),
);

const outputLimit = 64 * 1024 * 1024;
const evaluationMs = 60_000;

export interface Opa {
  readonly program: string;
  /** JSON for `--capabilities`. */
  readonly capabilities: string;
}

/** The evaluator on PATH; undefined when there is none. */
export function findOpa(host: Host): string | undefined {
  const names = process.platform === "win32" ? ["opa.exe"] : ["opa"];
  for (const folder of (host.env["PATH"] ?? "").split(delimiter)) {
    // A program of the working directory is not meant.
    if (folder === "" || folder === ".") continue;
    for (const name of names) if (host.stat(`${folder}/${name}`)?.kind === "file") return `${folder}/${name}`;
  }
  return undefined;
}

/** Asks the evaluator what it can do. Rejects with a BakeError for one that is too old. */
export async function openOpa(program: string, signal?: AbortSignal): Promise<Opa> {
  const version = /^Version:\s*(\d+)/m.exec((await run(program, ["version"], "", signal)).stdout)?.[1] ?? "0";
  if (Number(version) < 1) throw new BakeError("run.policy", `${program} is too old for policies: version 1.0 or newer is needed`);
  const known = JSON.parse((await run(program, ["capabilities", "--current"], "", signal)).stdout) as {
    readonly builtins: readonly { readonly name: string }[];
  };
  const builtins = known.builtins.filter(({ name }) => allowed.has(name));
  return { program, capabilities: JSON.stringify({ ...known, builtins, allow_net: [] }) };
}

export interface Evaluation {
  /** Files of the policy and of what it imports. */
  readonly files: readonly string[];
  /** Where the capabilities are written. */
  readonly capabilitiesFile: string;
  readonly input: object;
  readonly signal?: AbortSignal | undefined;
}

/** The value of `data.docker.decision`; undefined when the policy makes none. */
export async function evaluate({ program }: Opa, { files, capabilitiesFile, input, signal }: Evaluation): Promise<unknown> {
  const answer = await runJson(program, [...commonArguments(files, capabilitiesFile), "data.docker.decision"], input, signal);
  const { result } = answer as { readonly result?: readonly { readonly expressions?: readonly { readonly value?: unknown }[] }[] };
  return result?.[0]?.expressions?.[0]?.value;
}

/** Which of the unknown fields the decision depends on. `text` is the policy's own, all modules of it. */
export async function neededFields(
  { program }: Opa,
  unknown: readonly string[],
  text: string,
  { files, capabilitiesFile, input, signal }: Evaluation,
): Promise<readonly string[]> {
  if (unknown.length === 0) return [];
  const unknowns = unknown.flatMap((field) => ["--unknowns", field]);
  const answer = await runJson(program, [...commonArguments(files, capabilitiesFile), "--partial", ...unknowns, "data.docker.decision"], input, signal);
  const references = inputReferences(answer);
  return unknown.filter((field) => references.some((reference) => dependsOn(reference, field, text)));
}

/** A reference to a whole of which the field is a part needs it if the policy could look the field up in it. */
function dependsOn({ path, open }: InputReference, field: string, text: string): boolean {
  if (path === field || path.startsWith(`${field}.`)) return true;
  if (!field.startsWith(`${path}.`)) return false;
  return open || new RegExp(`\\b${field.slice(field.lastIndexOf(".") + 1)}\\b`).test(text);
}

const commonArguments = (files: readonly string[], capabilitiesFile: string): readonly string[] => [
  "eval",
  "--format=json",
  "--stdin-input",
  `--capabilities=${capabilitiesFile}`,
  ...files.flatMap((file) => ["--data", file]),
];

export interface InputReference {
  /** `input.image.labels`. */
  readonly path: string;
  /** It goes on with something that is not known by name. */
  readonly open: boolean;
}

interface Term {
  readonly type?: unknown;
  readonly value?: unknown;
}

/** References to the input anywhere in what is left of a policy. */
export function inputReferences(tree: unknown): readonly InputReference[] {
  const found = new Map<string, InputReference>();
  const pending: unknown[] = [tree];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const { type, value } = next as Term;
    if (type === "ref" && Array.isArray(value)) {
      const reference = referenceOf(value as readonly Term[]);
      if (reference) found.set(`${reference.path} ${reference.open}`, reference);
    }
    pending.push(...(Object.values(next) as unknown[]).filter((child) => child !== undefined));
  }
  return [...found.values()];
}

function referenceOf([root, ...parts]: readonly Term[]): InputReference | undefined {
  if (root?.type !== "var" || root.value !== "input") return undefined;
  const names: string[] = [];
  for (const { type, value } of parts) {
    if (type !== "string" || typeof value !== "string") break;
    names.push(value);
  }
  return { path: ["input", ...names].join("."), open: names.length < parts.length };
}

async function runJson(program: string, args: readonly string[], input: object, signal: AbortSignal | undefined): Promise<unknown> {
  const { code, stdout, stderr } = await run(program, args, JSON.stringify(input), signal);
  let answer: { readonly errors?: readonly { readonly message?: string; readonly location?: { readonly file?: string; readonly row?: number } }[] };
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    throw new BakeError("run.policy", `policy evaluation failed: ${stderr.trim() || `opa ended with status ${code}`}`);
  }
  if (answer.errors && answer.errors.length > 0) {
    const messages = answer.errors.map(({ message = "", location }) =>
      location?.file === undefined ? message : `${location.file}:${location.row ?? 0}: ${message}`,
    );
    throw new BakeError("run.policy", `policy evaluation failed: ${messages.join("; ")}`);
  }
  if (code !== 0) throw new BakeError("run.policy", `policy evaluation failed: ${stderr.trim() || `opa ended with status ${code}`}`);
  return answer;
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], input: string, signal: AbortSignal | undefined): Promise<Output> {
  return new Promise((resolve, reject) => {
    // Nothing of the environment: policies must not depend on it.
    const child = spawn(program, args, { env: {}, stdio: ["pipe", "pipe", "pipe"], timeout: evaluationMs, windowsHide: true, ...(signal ? { signal } : {}) });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= outputLimit) chunks[name].push(chunk);
        else child.kill();
      });
    }
    child.once("error", (cause) =>
      reject(signal?.aborted === true ? cause : new BakeError("run.policy", `cannot run ${program}: ${cause.message}`, { cause })),
    );
    child.once("close", (code) =>
      resolve({ code: code ?? 1, stdout: Buffer.concat(chunks.stdout).toString("utf8"), stderr: Buffer.concat(chunks.stderr).toString("utf8") }),
    );
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
