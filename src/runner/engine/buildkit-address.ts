/**
 * Addresses of a BuildKit daemon, as `--builder`, `BUILDKIT_HOST` and remote builders give them, turned
 * into drivers (spec/buildkit.md 1.1 and 1.2).
 */
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { containerDial } from "./container.ts";
import { currentContextName, findContext } from "./docker-context.ts";
import { engineApi } from "./docker.ts";
import type { Dial, Driver, DriverName } from "./driver.ts";
import { openSocket, type TlsMaterial } from "./socket.ts";
import { sshCommand, type ChildCommand } from "./ssh.ts";
import { openChild } from "./stdio.ts";

const scheme = /^(unix|tcp|npipe|docker-container|podman-container|nerdctl-container|kube-pod|ssh):\/\//;

/** Whether a builder name is an address instead. */
export const isBuildkitAddress = (text: string): boolean => scheme.test(text);

const tlsOptions = ["cacert", "cert", "key", "servername"] as const;

/** The driver of an address. `options` are the remote driver's options (1.2). Throws BakeError for what cannot be dialled. */
export function buildkitDriver(address: string, host: Host, options: Readonly<Record<string, string>> = {}): Driver {
  const tls = readTls(options, host);
  if (tls && !address.startsWith("tcp://")) throw new BakeError("engine.address", `TLS options are not supported for ${address}`);
  const separator = address.indexOf("://");
  const kind = separator < 0 ? "" : address.slice(0, separator);
  const rest = address.slice(separator + 3);
  switch (kind) {
    case "unix":
      return socketDriver(address, (signal) => openSocket({ kind: "path", path: rest }, address, signal), "localhost");
    case "npipe":
      return socketDriver(address, (signal) => openSocket({ kind: "path", path: rest.replaceAll("/", "\\") }, address, signal), "localhost");
    case "tcp":
      return tcpDriver(address, tls);
    case "docker-container":
      return dockerContainerDriver(address, host);
    case "podman-container":
      return childDriver(address, containerCommand(address, "podman", []));
    case "nerdctl-container":
      return childDriver(address, containerCommand(address, "nerdctl", flag("--namespace", new URL(address).searchParams.get("namespace"))));
    case "kube-pod":
      return childDriver(address, kubectlCommand(address));
    case "ssh":
      return childDriver(
        address,
        sshCommand(address, (socket) => ["buildctl", ...(socket === "" ? [] : ["--addr", `unix://${socket}`]), "dial-stdio"]),
      );
    default:
      throw new BakeError("engine.address", `unrecognized url scheme ${kind || address}`);
  }
}

function socketDriver(endpoint: string, dial: Dial, authority: string): Driver {
  return { name: "remote", endpoint, authority, dial, probeSettings: true };
}

function tcpDriver(address: string, tls: TlsMaterial | undefined): Driver {
  const url = new URL(address.replace(/^tcp/, "http"));
  if (url.port === "" && !/:\d+\/?$/.test(address)) throw new BakeError("engine.address", `invalid address ${address}: missing port in address`);
  const port = Number(url.port || 80);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const dial: Dial = (signal) => openSocket({ kind: "tcp", host: name, port, ...(tls ? { tls, alpn: ["h2"] } : {}) }, address, signal);
  return socketDriver(address, dial, tls?.serverName ?? `${url.hostname}:${port}`);
}

function childDriver(endpoint: string, command: ChildCommand): Driver {
  const name: DriverName = "remote";
  return { name, endpoint, authority: "localhost", dial: () => openChild(command), probeSettings: false };
}

const validName = /^[-a-zA-Z0-9_.]+$/;
const kubeName = /^[a-z0-9.][-a-z0-9.]*$/;

const flag = (name: string, value: string | null): readonly string[] => (value === null || value === "" ? [] : [name, value]);
const joinedFlag = (name: string, value: string | null): readonly string[] => (value === null || value === "" ? [] : [`${name}=${value}`]);

function containerName(address: string): string {
  const name = /^[a-z-]+:\/\/([^/?#]*)/.exec(address)?.[1] ?? "";
  if (!validName.test(name) || name.startsWith("-")) throw new BakeError("engine.address", `invalid container name in ${address}`);
  return name;
}

function containerCommand(endpoint: string, command: string, before: readonly string[]): ChildCommand {
  return { command, arguments: ["exec", ...before, "-i", containerName(endpoint), "buildctl", "dial-stdio"], endpoint };
}

function kubectlCommand(endpoint: string): ChildCommand {
  const parameters = new URL(endpoint).searchParams;
  const pod = /^kube-pod:\/\/([^/?#]*)/.exec(endpoint)?.[1] ?? "";
  const namespace = parameters.get("namespace");
  const container = parameters.get("container");
  for (const [what, value] of [
    ["pod", pod],
    ["namespace", namespace],
    ["container", container],
  ] as const) {
    if ((what === "pod" || (value !== null && value !== "")) && !kubeName.test(value ?? "")) {
      throw new BakeError("engine.address", `unsupported ${what} name "${value ?? ""}"`);
    }
  }
  return {
    command: "kubectl",
    arguments: [
      ...joinedFlag("--context", parameters.get("context")),
      ...joinedFlag("--namespace", namespace),
      "exec",
      ...joinedFlag("--container", container),
      "-i",
      pod,
      "--",
      "buildctl",
      "dial-stdio",
    ],
    endpoint,
  };
}

function dockerContainerDriver(address: string, host: Host): Driver {
  const contextName = new URL(address).searchParams.get("context") || currentContextName(host);
  const context = findContext(host, contextName);
  if (!context) throw new BakeError("engine.address", `docker context "${contextName}" not found`);
  const engine = engineApi(context);
  const container = containerName(address);
  return { name: "remote", endpoint: address, authority: "localhost", dial: () => containerDial(engine, container, address), probeSettings: false };
}

/** TLS material of the remote driver's options; undefined when none is given. Paths must be absolute. */
function readTls(options: Readonly<Record<string, string>>, host: Host): TlsMaterial | undefined {
  for (const name of Object.keys(options)) {
    if (name !== "default-load" && !(tlsOptions as readonly string[]).includes(name)) {
      throw new BakeError("engine.option", `invalid driver option ${name} for remote driver`);
    }
  }
  if (!tlsOptions.some((name) => options[name])) return undefined;
  for (const name of ["cacert", "cert", "key"]) {
    const path = options[name];
    if (path && !/^(\/|[A-Za-z]:[\\/])/.test(path)) throw new BakeError("engine.option", `non-absolute path '${path}' provided for ${name}`);
  }
  const missing = [
    ...(options["cacert"] ? [] : ["cacert"]),
    ...(options["cert"] && !options["key"] ? ["key"] : []),
    ...(options["key"] && !options["cert"] ? ["cert"] : []),
  ];
  if (missing.length > 0) throw new BakeError("engine.option", `tls enabled, but missing keys ${missing.join(", ")}`);
  const read = (name: string): Uint8Array | undefined => (options[name] ? host.readFile(options[name]) : undefined);
  const [ca, cert, key] = [read("cacert"), read("cert"), read("key")];
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(options["servername"] ? { serverName: options["servername"] } : {}),
  };
}
