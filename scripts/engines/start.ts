/** Starts the engines and the registry, each in a folder of its own below the run folder; `stopAll` ends them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { engineApi } from "../../src/runner/engine/docker.ts";
import { openSocket } from "../../src/runner/engine/socket.ts";
import { removeRunFolder, startDaemon } from "./daemon.ts";
import type { EngineLayout } from "./folder.ts";
import { makeBridge, removeBridge } from "./network.ts";
import { engineEnvironment, findPrograms, type Programs } from "./programs.ts";
import { SetupError } from "./progress.ts";

export interface StartOptions {
  readonly layout: EngineLayout;
  /** A folder of the run folder, for all that is started together. */
  readonly folder: string;
  /** Outlives this process. */
  readonly detached?: boolean;
}

export interface DockerdOptions extends StartOptions {
  readonly store: "containerd" | "classic";
}

/**
 * Starts dockerd; gives its address for DOCKER_HOST. It sets no firewall rules, so as to leave the machine as it is: build steps
 * have a network, but one that reaches nobody (`network = "host"` reaches out).
 */
export async function startDockerd({ layout, folder, store, detached = false }: DockerdOptions): Promise<string> {
  const programs = findPrograms(layout, process.env);
  const own = join(folder, store === "containerd" ? "dockerd" : "dockerd-classic");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const config = join(own, "daemon.json");
  writeFileSync(config, JSON.stringify({ features: { "containerd-snapshotter": store === "containerd" } }));
  const bridge = await makeBridge(need(programs, "busybox"), own);
  const address = `unix://${join(own, "docker.sock")}`;
  const engine = engineApi({ name: "private", host: address });
  await startDaemon({
    name: "dockerd",
    program: need(programs, "dockerd"),
    args: [
      ...["--config-file", config, "--data-root", join(own, "data"), "--exec-root", join(own, "exec"), "--pidfile", join(own, "docker.pid")],
      ...["--host", address, "--bridge", bridge],
      ...["--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false"],
      ...(store === "classic" ? ["--storage-driver", "overlay2"] : []),
    ],
    env: engineEnvironment(layout, process.env),
    folder: own,
    detached,
    ready: () => answers(() => engine.ping()),
  });
  return address;
}

export interface BuildkitdOptions extends StartOptions {
  /** Beside those that it always has. */
  readonly args?: readonly string[];
}

/** Starts a stand-alone BuildKit; gives its address for BUILDKIT_HOST. */
export async function startBuildkitd({ layout, folder, args = [], detached = false }: BuildkitdOptions): Promise<string> {
  const programs = findPrograms(layout, process.env);
  const own = join(folder, "buildkitd");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const socket = join(own, "buildkitd.sock");
  need(programs, "runc");
  // Without a configuration file of its own it would read the machine's.
  const config = join(own, "buildkitd.toml");
  writeFileSync(config, "");
  await startDaemon({
    name: "buildkitd",
    program: need(programs, "buildkitd"),
    args: ["--config", config, "--root", join(own, "data"), "--addr", `unix://${socket}`, "--oci-worker=true", "--containerd-worker=false", ...args],
    env: engineEnvironment(layout, process.env),
    folder: own,
    detached,
    ready: () => answers(async () => (await openSocket({ kind: "path", path: socket }, socket)).destroy()),
  });
  return `unix://${socket}`;
}

/** Starts a registry on a free loopback port; gives `127.0.0.1:PORT`. */
export async function startRegistry({ layout, folder, detached = false }: StartOptions): Promise<string> {
  const programs = findPrograms(layout, process.env);
  const own = join(folder, "registry");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(own, "registry.json");
  // YAML, of which JSON is a part. Deleting is allowed so that tests can take things away.
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: "warn" },
      storage: { filesystem: { rootdirectory: join(own, "data") }, delete: { enabled: true } },
      http: { addr: address },
    }),
  );
  await startDaemon({
    name: "registry",
    program: need(programs, "registry"),
    args: ["serve", config],
    env: engineEnvironment(layout, process.env),
    folder: own,
    detached,
    ready: () => answers(async () => (await fetch(`http://${address}/v2/`)).arrayBuffer()),
  });
  return address;
}

/** Ends everything that was started in a folder and removes it. */
export async function stopAll(layout: EngineLayout, folder: string): Promise<void> {
  const { busybox } = findPrograms(layout, process.env);
  const names = ["dockerd", "dockerd-classic", "buildkitd", "registry"];
  await Promise.all(
    names.map((name) => {
      const own = join(folder, name);
      return removeRunFolder(own, () => busybox !== undefined && removeBridge(busybox, own));
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}

function need(programs: Programs, name: keyof Programs): string {
  const path = programs[name];
  if (path === undefined) throw new SetupError(`${name} is not installed: run \`npm run engines\``);
  return path;
}

async function answers(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    // Not listening yet.
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
