/** Fills in the plan's named references just before a request is sent. Nothing else sees the values. */
import { BakeError, InternalError } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import type { PlanAttributes, PlanValue } from "../planner/plan.ts";
import { proxySettings } from "./client-config.ts";

/** What references of one job may stand for. */
export interface ValueSources {
  readonly host: Host;
  readonly dockerHost?: string;
  /** Ids on the wire of the run's shared sessions, by their id in the plan. */
  readonly sessions: ReadonlyMap<string, string>;
  /** Ids on the wire of the job's content stores. */
  readonly stores: ReadonlyMap<string, string>;
  readonly nodeId: string;
}

const awsVariables: Readonly<Record<string, string>> = {
  accessKeyId: "AWS_ACCESS_KEY_ID",
  secretAccessKey: "AWS_SECRET_ACCESS_KEY",
  sessionToken: "AWS_SESSION_TOKEN",
};

/** Attributes with every reference replaced by its value. */
export function fillAttributes(attributes: PlanAttributes, sources: ValueSources): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, fillValue(value, sources)]));
}

function fillValue(value: PlanValue, sources: ValueSources): string {
  if (typeof value === "string") return value;
  const { ref, prefix = "", suffix = "" } = value;
  const colon = ref.indexOf(":");
  return prefix + lookUp(ref.slice(0, colon), ref.slice(colon + 1), sources) + suffix;
}

function lookUp(kind: string, name: string, { host, dockerHost, sessions, stores, nodeId }: ValueSources): string {
  switch (kind) {
    case "env":
      return required(host.env[name], `environment variable ${name}`);
    case "aws":
      return required(host.env[awsVariables[name] ?? ""], `environment variable ${awsVariables[name] ?? name}`);
    case "proxy":
      return required(proxySettings(host, dockerHost)[name], `proxy setting ${name}`);
    case "session":
      return required(sessions.get(name), `shared session ${name}`);
    case "store":
      return required(stores.get(name), `content store ${name}`);
    case "shared-key":
      return `${name}:${nodeId}`;
    default:
      throw new InternalError(`a plan refers to ${kind}:${name}, which no runner knows`);
  }
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new BakeError("run.reference", `the plan needs the ${what}, which is not set`);
  return value;
}
