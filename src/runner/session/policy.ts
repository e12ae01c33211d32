/**
 * The PolicyVerifier service: the engine asks about every source, and each policy of the target must
 * allow it (spec/buildkit.md 6.8). Whatever cannot be evaluated fails the build.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { PlannedPolicy } from "../../planner/plan.ts";
import { status } from "../buildkit/errors.ts";
import { CheckPolicyRequest, CheckPolicyResponse, type SourceMetadata } from "../buildkit/wire/policy.ts";
import { evaluate, findOpa, neededFields, openOpa, type Evaluation, type Opa } from "./opa.ts";
import { readPolicy, type PolicyModule, type PolicySource } from "./policy-files.ts";
import { describeSource, requestFor, type PolicyEnv } from "./policy-input.ts";
import { RpcError, unary, type Service } from "./rpc.ts";

export interface PolicyOptions {
  /** Name of the target, for messages. */
  readonly target: string;
  readonly policies: readonly PlannedPolicy[];
  readonly env: PolicyEnv;
  /** Where policies and what they import lie. */
  readonly source: PolicySource;
  /** For sources that are asked about without one: `linux/amd64`. */
  readonly platform: string;
  readonly host: Host;
  readonly signal?: AbortSignal;
}

export interface OpenPolicies {
  readonly service: Service;
  /** A policy wants steps to be run behind the engine's capturing proxy. */
  readonly proxyNetwork: boolean;
  /** Removes what was written for the evaluator. */
  close(): void;
}

const action = { allow: 0, deny: 1 } as const;
/** How often the engine is asked for more about one source. */
const askLimit = 10;
const knownCapabilities: ReadonlySet<string> = new Set(["exec.proxy"]);

/** Reads the policies and asks them what they want; undefined when all of them may be missing and are. Rejects with a BakeError when they cannot be evaluated. */
export async function openPolicies(options: PolicyOptions): Promise<OpenPolicies | undefined> {
  const { target, host, signal } = options;
  // Without an evaluator only those that may be missing are looked for.
  const found = findOpa(host) === undefined ? options.policies.filter(({ optional }) => optional === true) : options.policies;
  const read = new Map<PlannedPolicy, readonly PolicyModule[]>();
  for (const policy of found) {
    const modules = await readPolicy(policy.files, options.source, policy.optional === true);
    if (modules) read.set(policy, modules);
  }
  const policies = options.policies.filter((policy) => policy.optional !== true || read.has(policy));
  if (policies.length === 0) return undefined;
  const program = findOpa(host);
  if (program === undefined) {
    const files = policies.flatMap((policy) => policy.files).join(", ");
    throw new BakeError(
      "run.policy",
      `target ${target} has a source policy (${files}), and no evaluator for it is there: install opa, or set policy = ["disabled=true"]`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "tsbake-policy-"));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const opa = await openOpa(program, signal);
    const capabilitiesFile = join(folder, "capabilities.json");
    writeFileSync(capabilitiesFile, opa.capabilities, { mode: 0o600 });
    const sets = policies.map((policy, set): PolicySet => {
      const modules = read.get(policy) ?? [];
      const written = modules.map(({ name, text }, i) => {
        const file = join(folder, `${set}-${i}-${basename(name)}`);
        writeFileSync(file, text, { mode: 0o600 });
        return file;
      });
      return { text: modules.map(({ text }) => text).join("\n"), files: written, capabilitiesFile, signal };
    });
    const verifier = new Verifier(opa, sets, options);
    return { service: verifier.service, proxyNetwork: await verifier.wantsProxy(), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** One policy as it lies before the evaluator. */
interface PolicySet extends Omit<Evaluation, "input"> {
  readonly text: string;
}

interface Decision {
  readonly allow: boolean;
  readonly messages: readonly string[];
  readonly capabilities: Readonly<Record<string, unknown>>;
}

class Verifier {
  readonly service: Service;
  readonly #opa: Opa;
  readonly #sets: readonly PolicySet[];
  readonly #options: PolicyOptions;
  readonly #asked = new Map<string, number>();

  constructor(opa: Opa, sets: readonly PolicySet[], options: PolicyOptions) {
    this.#opa = opa;
    this.#sets = sets;
    this.#options = options;
    const path = "/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy";
    this.service = { methods: { [path]: unary(CheckPolicyRequest, CheckPolicyResponse, (request) => this.#check(request)) } };
  }

  /** Asks each policy for the capabilities it wants, without a source. */
  async wantsProxy(): Promise<boolean> {
    const env = { ...this.#env(), capsRequest: true };
    const decisions = await Promise.all(this.#sets.map(async (set) => readDecision(await evaluate(this.#opa, { ...set, input: { env } }))));
    return decisions.some(({ capabilities }) => capabilities["exec.proxy"] === true);
  }

  async #check({ source, platform }: CheckPolicyRequest): Promise<CheckPolicyResponse> {
    if (!source?.source) throw new RpcError(status.invalidArgument, "no source info in request");
    const shown = platform ? [platform.os, platform.architecture, platform.variant].filter((part) => part !== "").join("/") : this.#options.platform;
    const described = describeSource(source, shown);
    const input = { env: this.#env(), ...described.input };
    for (const set of this.#sets) {
      const needed = await neededFields(this.#opa, [...described.askable, ...described.unverifiable], set.text, { ...set, input });
      const hidden = needed.find((field) => described.unverifiable.includes(field));
      if (hidden !== undefined)
        throw new RpcError(status.failedPrecondition, `policy needs ${hidden} of ${source.source.identifier}, which tsbake cannot verify`);
      if (needed.length > 0) {
        this.#countQuestion(source, shown);
        return { result: { $case: "request", value: requestFor(source, platform, needed) } };
      }
      const { allow, messages } = readDecision(await evaluate(this.#opa, { ...set, input }));
      if (!allow)
        return { result: { $case: "decision", value: { action: action.deny, denyMessages: messages.map((message) => ({ message })), update: undefined } } };
    }
    return { result: { $case: "decision", value: { action: action.allow, denyMessages: [], update: undefined } } };
  }

  /** An engine that does not answer what it is asked would be asked for ever. */
  #countQuestion({ source }: SourceMetadata, platform: string): void {
    const key = `${source?.identifier ?? ""} ${platform}`;
    const count = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, count);
    if (count > askLimit * this.#sets.length) throw new RpcError(status.failedPrecondition, "maximum attempts reached for resolving policy metadata");
  }

  #env(): object {
    const { args = {}, labels = {}, filename = "", target = "" } = this.#options.env;
    return {
      ...(Object.keys(args).length > 0 ? { args } : {}),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(filename === "" ? {} : { filename }),
      ...(target === "" ? {} : { target }),
      depth: 0,
    };
  }
}

/** A decision that is not of the form policies must have is none. */
function readDecision(value: unknown): Decision {
  if (value === undefined) throw new BakeError("run.policy", "policy returned zero result");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BakeError("run.policy", `unexpected policy return type: ${JSON.stringify(value)}`);
  const { allow, deny_msg: messages, caps = {} } = value as { readonly allow?: unknown; readonly deny_msg?: unknown; readonly caps?: unknown };
  if (allow !== undefined && typeof allow !== "boolean") throw new BakeError("run.policy", "invalid allowed property type, expecting bool");
  if (typeof caps !== "object" || caps === null || Array.isArray(caps)) throw new BakeError("run.policy", "invalid caps property type, expecting object");
  for (const [name, wanted] of Object.entries(caps)) {
    if (!knownCapabilities.has(name)) throw new BakeError("run.policy", `unknown policy cap ${JSON.stringify(name)}`);
    if (typeof wanted !== "boolean") throw new BakeError("run.policy", `invalid caps.${name} property type, expecting bool`);
  }
  return {
    allow: allow === true,
    messages: Array.isArray(messages) ? messages.filter((message) => typeof message === "string") : [],
    capabilities: caps as Readonly<Record<string, unknown>>,
  };
}
