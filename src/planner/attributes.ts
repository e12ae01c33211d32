/**
 * Attributes of the Dockerfile frontend that come straight from a target's fields (spec/buildkit.md 7.1
 * and 7.4, spec/bake.md 11.3). Contexts, caches and outputs are lowered elsewhere.
 */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { goBool } from "../go-text.ts";
import type { PlanAttributes, PlanValue } from "./plan.ts";

export interface FrontendInput {
  readonly args: readonly (readonly [name: string, value: string])[];
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly target: string;
  readonly pull: boolean;
  readonly noCache: boolean;
  readonly noCacheFilter: readonly string[];
  /** Normalised platforms on this node. */
  readonly platforms: readonly string[];
  readonly multiNode: boolean;
  readonly driver: string;
  readonly proxySettings: readonly string[];
}

export interface Frontend {
  readonly name: string;
  readonly attributes: PlanAttributes;
  readonly inlineCache: boolean;
  readonly buildinfoAttributes?: string;
}

const proxyArgs = [
  ["httpProxy", "HTTP_PROXY"],
  ["httpsProxy", "HTTPS_PROXY"],
  ["noProxy", "NO_PROXY"],
  ["ftpProxy", "FTP_PROXY"],
] as const;

/** Chooses the frontend and fills the attributes of arguments, labels, stages, caching and platforms. */
export function lowerFrontend(input: FrontendInput): Result<Frontend> {
  const attributes: Record<string, PlanValue> = {};
  const args = new Map(input.args);
  let name = "dockerfile.v0";
  const syntax = args.get("BUILDKIT_SYNTAX");
  if (syntax !== undefined) {
    const [source = ""] = syntax.trim().split(/\s+/, 1);
    if (source === "") {
      return fail(plainError("plan.syntax", "empty BUILDKIT_SYNTAX build-arg is invalid, use --build-arg BUILDKIT_SYNTAX without '=' for optional behavior"));
    }
    name = "gateway.v0";
    attributes["source"] = source;
    attributes["cmdline"] = syntax;
  }
  for (const [key, value] of input.args) attributes[`build-arg:${key}`] = value;
  for (const [key, value] of input.labels) attributes[`label:${key}`] = value;
  if (input.multiNode || goBool(args.get("BUILDKIT_MULTI_PLATFORM")) === true) attributes["multi-platform"] = "true";
  if (input.pull) attributes["image-resolve-mode"] = "pull";
  else if (input.driver === "docker") attributes["image-resolve-mode"] = "local";
  if (input.target !== "") attributes["target"] = input.target;
  if (input.noCacheFilter.length > 0) attributes["no-cache"] = input.noCacheFilter.join(",");
  if (input.noCache) attributes["no-cache"] = "";
  if (input.platforms.length > 0) attributes["platform"] = input.platforms.join(",");
  const present = new Set([...args.keys()].map((key) => key.toLowerCase()));
  for (const [setting, variable] of proxyArgs) {
    if (input.proxySettings.includes(setting) && !present.has(variable.toLowerCase())) attributes[`build-arg:${variable}`] = { ref: `proxy:${setting}` };
  }
  const buildinfo = args.get("BUILDKIT_INLINE_BUILDINFO_ATTRS");
  return ok({
    name,
    attributes,
    inlineCache: goBool(args.get("BUILDKIT_INLINE_CACHE")) === true,
    ...(buildinfo === undefined ? {} : { buildinfoAttributes: buildinfo }),
  });
}

export interface NetworkInput {
  readonly network: string;
  /** Host and addresses, as `extra-hosts` has them. */
  readonly extraHosts: readonly (readonly [host: string, addresses: string])[];
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Network {
  readonly attributes: PlanAttributes;
  readonly entitlements: readonly string[];
}

/** Network mode and extra hosts. */
export function lowerNetwork({ network, extraHosts, driver, labels }: NetworkInput): Result<Network> {
  const attributes: Record<string, PlanValue> = {};
  const entitlements: string[] = [];
  if (network === "host") {
    attributes["force-network-mode"] = "host";
    entitlements.push("network.host");
  } else if (network === "none") {
    attributes["force-network-mode"] = "none";
  } else if (network !== "" && network !== "default") {
    const help = "you can define a custom network for your builder using the network driver-opt in buildx create";
    return fail(plainError("plan.network", `network mode "${network}" not supported by buildkit - ${help}`));
  }
  const hosts: string[] = [];
  for (const [host, addresses] of [...extraHosts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const written of addresses.split(",")) {
      const address = written === "host-gateway" ? hostGateway(driver, labels) : { ok: true as const, value: written.replace(/^\[(.*)\]$/, "$1") };
      if (!address.ok) return fail(plainError("plan.extra-host", address.message));
      if (!isIpAddress(address.value)) return fail(plainError("plan.extra-host", `invalid host ${host}=${written}`));
      hosts.push(`${host}=${address.value}`);
    }
  }
  if (hosts.length > 0) attributes["add-hosts"] = csvLine(hosts);
  return ok({ attributes, entitlements });
}

function hostGateway(driver: string, labels: Readonly<Record<string, string>>): { ok: true; value: string } | { ok: false; message: string } {
  const address = labels["org.mobyproject.buildkit.worker.moby.host-gateway-ip"];
  if (address) return { ok: true, value: address };
  const reason = driver === "docker" ? "host-gateway is not supported by the docker driver" : `host-gateway is not supported by the ${driver} driver`;
  return { ok: false, message: `unable to derive the IP value for host-gateway: ${reason}` };
}

/** Whether the text is an IPv4 or IPv6 address. */
function isIpAddress(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split(".").every((part) => Number(part) < 256 && (part === "0" || !part.startsWith("0")));
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(":")) return false;
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (tail !== undefined && !isIpAddress(tail)) return false;
  const plain = tail === undefined ? text : `${text.slice(0, -tail.length)}0:0`;
  const halves = plain.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const count = groups.flat().length;
  return groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** One CSV line: fields with commas, quotes, line breaks or leading space are quoted (RFC 4180, as Go writes it). */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]|^[\s]|^\\\.$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}
