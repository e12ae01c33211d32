/** Settings of the docker client configuration that reach builds: the proxy arguments (spec/buildkit.md 1.9). */
import type { Host } from "../host.ts";
import { readDockerConfig } from "./engine/docker-context.ts";

const names = ["httpProxy", "httpsProxy", "noProxy", "ftpProxy"] as const;

/** Proxy settings by name, those of the engine's host before the default ones. Values may hold credentials. */
export function proxySettings(host: Host, dockerHost?: string): Readonly<Record<string, string>> {
  const proxies = readDockerConfig(host).proxies;
  const chosen = (dockerHost === undefined ? undefined : proxies?.[dockerHost]) ?? proxies?.["default"] ?? {};
  return Object.fromEntries(names.filter((name) => chosen[name]).map((name) => [name, chosen[name] ?? ""]));
}
