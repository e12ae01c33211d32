/**
 * The docker engine as a builder: its BuildKit answers on the engine's own socket (`POST /grpc`), and
 * sessions are offered by `POST /session` (spec/buildkit.md 1.4). Engines behind ssh are reached by a
 * child `docker system dial-stdio` on the far side.
 */
import { BakeError } from "../../diagnostics.ts";
import type { Duplex } from "node:stream";
import type { DockerContext } from "./docker-context.ts";
import type { Driver } from "./driver.ts";
import { EngineApi, type OpenStream } from "./engine-api.ts";
import { openSocket } from "./socket.ts";
import { sshCommand } from "./ssh.ts";
import { openChild } from "./stdio.ts";

/** The engine API of a docker context; nothing is dialled yet. */
export function engineApi(context: DockerContext): EngineApi {
  return new EngineApi(context.host, streamOpener(context));
}

/** The driver of a docker context. */
export function dockerDriver(context: DockerContext): Driver {
  const engine = engineApi(context);
  return {
    name: "docker",
    endpoint: context.host,
    authority: "localhost",
    dial: (signal) => engine.upgradeTo("/grpc", [], signal),
    attachSession: (headers, signal) => engine.upgradeTo("/session", headers, signal),
    probeSettings: true,
    engine,
  };
}

/** How byte streams to the engine of a context are opened. Throws for schemes that no engine speaks. */
function streamOpener({ host, tls }: DockerContext): OpenStream {
  const separator = host.indexOf("://");
  const scheme = separator < 0 ? "tcp" : host.slice(0, separator);
  const rest = separator < 0 ? host : host.slice(separator + 3);
  switch (scheme) {
    case "unix":
      return (signal) => openSocket({ kind: "path", path: rest }, host, signal);
    case "npipe":
      return (signal) => openSocket({ kind: "path", path: rest.replaceAll("/", "\\") }, host, signal);
    case "tcp":
    case "http":
    case "https": {
      const url = new URL(`http://${rest}`);
      const port = Number(url.port || (tls ? 2376 : 2375));
      const name = url.hostname.replace(/^\[|\]$/g, "");
      return (signal) => openSocket({ kind: "tcp", host: name, port, ...(tls ? { tls } : {}) }, host, signal);
    }
    case "ssh":
      return (): Promise<Duplex> => openChild(sshCommand(host, ["docker", "system", "dial-stdio"]));
    default:
      throw new BakeError("engine.address", `unsupported docker host "${host}"`);
  }
}
