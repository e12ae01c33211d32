/**
 * The docker-container driver of a stored builder (spec/buildkit.md 1.5): a BuildKit in a privileged
 * container of a docker engine, created and started when it does not run, reached by exec.
 */
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { BakeError } from "../../diagnostics.ts";
import { normaliseName, parseName } from "../image-name.ts";
import type { StoredNode } from "./builders.ts";
import { containerDial, containerRun } from "./container.ts";
import { ClientVertex, inVertex } from "./client-vertex.ts";
import type { BootOptions, Driver } from "./driver.ts";
import { EngineApiError, readText, type EngineApi } from "./engine-api.ts";
import { tarArchive } from "./tar.ts";

const defaultImage = "moby/buildkit:buildx-stable-1";
const stateDirectory = "/var/lib/buildkit";
const readyTries = 15;
const readyStepMs = 120;

/** `authOf` gives the credentials for a registry as the engine takes them. */
export function dockerContainerDriver(engine: EngineApi, node: StoredNode, authOf: AuthOf): Driver {
  const container = `buildx_buildkit_${node.Name}`;
  return {
    name: "docker-container",
    endpoint: `docker-container://${container}`,
    authority: "localhost",
    dial: () => containerDial(engine, container, `docker-container://${container}`),
    probeSettings: false,
    engine,
    boot: (options) => boot({ engine, container, node, authOf }, options),
  };
}

type AuthOf = (registry: string) => Promise<string>;

interface Container {
  readonly engine: EngineApi;
  /** Its name. */
  readonly container: string;
  readonly node: StoredNode;
  readonly authOf: AuthOf;
}

async function boot(wanted: Container, { signal, emit = () => undefined }: BootOptions): Promise<void> {
  const { engine, container, node } = wanted;
  const state = await inspect(engine, container);
  if (state === "running") return;
  const vertex = new ClientVertex("[internal] booting buildkit", undefined, emit);
  await inVertex(vertex, async () => {
    if (state === "missing") await create(wanted, vertex);
    signal?.throwIfAborted();
    await vertex.step(`starting container ${container}`, async () => {
      await start(engine, container, node);
      await untilReady(engine, container, signal);
    });
  });
}

async function start(engine: EngineApi, container: string, node: StoredNode): Promise<void> {
  const send = async (): Promise<void> => void (await readText(await engine.send({ method: "POST", path: `/containers/${container}/start` })));
  try {
    await send();
  } catch (error) {
    // Some distributions leave out the engine's init program: BuildKit does without, zombies are its own.
    if (!(error instanceof EngineApiError) || !error.message.includes("docker-init")) throw error;
    await readText(await engine.send({ method: "DELETE", path: `/containers/${container}?force=1` }));
    const image = node.DriverOpts?.["image"] || defaultImage;
    await createContainer(engine, container, node, withoutInit(await createBody(engine, container, node, image)));
    await send();
  }
}

function withoutInit(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...body, HostConfig: { ...(body["HostConfig"] as object), Init: false } };
}

async function inspect(engine: EngineApi, container: string): Promise<"missing" | "running" | "stopped"> {
  try {
    const { State } = await engine.json<{ State: { Running: boolean } }>({ method: "GET", path: `/containers/${container}/json` });
    return State.Running ? "running" : "stopped";
  } catch (error) {
    if (error instanceof EngineApiError && error.status === 404) return "missing";
    throw error;
  }
}

async function untilReady(engine: EngineApi, container: string, signal: AbortSignal | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { code, output } = await containerRun(engine, container, ["buildctl", "debug", "workers"]).catch((error: unknown) => ({
      code: -1,
      output: (error as Error).message,
    }));
    if (code === 0) return;
    if (attempt >= readyTries) throw new BakeError("engine.boot", `BuildKit in container ${container} did not start: ${output.trim()}`);
    await sleep(attempt * readyStepMs, undefined, signal && { signal });
  }
}

async function create({ engine, container, node, authOf }: Container, vertex: ClientVertex): Promise<void> {
  const image = node.DriverOpts?.["image"] || defaultImage;
  const body = await createBody(engine, container, node, image);
  await vertex.step(`pulling image ${image}`, () => pull(engine, image, authOf));
  await vertex.step(`creating container ${container}`, async () => {
    const gpus = await allGpus(engine, image);
    await createContainer(engine, container, node, gpus ? { ...body, HostConfig: { ...(body["HostConfig"] as object), DeviceRequests: gpus } } : body);
  });
}

/** A request for all GPUs, if the engine can fulfil it: only trying tells. */
async function allGpus(engine: EngineApi, image: string): Promise<object | undefined> {
  const gpus = [{ Driver: "", Count: -1, DeviceIDs: null, Capabilities: [["gpu"]], Options: {} }];
  const trial = { Image: image, Entrypoint: ["/bin/true"], HostConfig: { NetworkMode: "none", AutoRemove: true, DeviceRequests: gpus } };
  let id: string | undefined;
  try {
    ({ Id: id } = await engine.json<{ Id: string }>({ method: "POST", path: "/containers/create", json: trial }));
    await readText(await engine.send({ method: "POST", path: `/containers/${id}/start` }));
    return gpus;
  } catch (error) {
    if (!(error instanceof EngineApiError)) throw error;
    // Some engines do not remove one that did not start.
    if (id !== undefined) await engine.send({ method: "DELETE", path: `/containers/${id}?force=1` }).then(readText, () => undefined);
    return undefined;
  }
}

async function createContainer(engine: EngineApi, container: string, node: StoredNode, body: unknown): Promise<void> {
  try {
    await readText(await engine.send({ method: "POST", path: `/containers/create?name=${container}`, json: body }));
  } catch (error) {
    // Another client was faster: its container is ours as well.
    if (!(error instanceof EngineApiError) || error.status !== 409) throw error;
  }
  const files = Object.entries(node.Files ?? {}).map(([name, base64]) => ({ name: `buildkit/${name}`, data: Buffer.from(base64, "base64") }));
  if (files.length > 0) {
    const archive = Readable.from([tarArchive(files)]);
    const path = `/containers/${container}/archive?path=${encodeURIComponent("/etc")}`;
    await readText(await engine.send({ method: "PUT", path, body: archive, headers: { "Content-Type": "application/x-tar" } }));
  }
}

/** The newest one of its name; where no registry gives it, the one that is there. */
async function pull(engine: EngineApi, image: string, authOf: AuthOf): Promise<void> {
  // A name without a tag would mean all of them.
  const failure = await tryPull(engine, normaliseName(image), await authOf(parseName(image).registry));
  if (failure === undefined) return;
  try {
    await readText(await engine.send({ method: "GET", path: `/images/${image}/json` }));
  } catch (error) {
    if (!(error instanceof EngineApiError) || error.status !== 404) throw error;
    throw new BakeError("engine.pull", `failed to pull ${image}: ${failure}`);
  }
}

/** What went wrong, if anything did. */
async function tryPull(engine: EngineApi, image: string, auth: string): Promise<string | undefined> {
  try {
    const path = `/images/create?fromImage=${encodeURIComponent(image)}`;
    const answer = await readText(await engine.send({ method: "POST", path, headers: { "X-Registry-Auth": auth } }));
    const failed = /"error":"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1];
    return failed === undefined ? undefined : (JSON.parse(`"${failed}"`) as string);
  } catch (error) {
    if (error instanceof EngineApiError) return error.message;
    throw error;
  }
}

const numberOptions: Readonly<Record<string, string>> = { "cpu-period": "CpuPeriod", "cpu-quota": "CpuQuota", "cpu-shares": "CpuShares" };
const memoryOptions: Readonly<Record<string, string>> = { memory: "Memory", "memory-swap": "MemorySwap" };
const textOptions: Readonly<Record<string, string>> = { "cpuset-cpus": "CpusetCpus", "cpuset-mems": "CpusetMems" };
const otherOptions = new Set(["image", "network", "cgroup-parent", "restart-policy", "default-load", "provenance-add-gha", "allow-untrusted-image"]);

async function createBody(engine: EngineApi, container: string, node: StoredNode, image: string): Promise<Record<string, unknown>> {
  const options = node.DriverOpts ?? {};
  const info = await engine.info();
  const hostConfig: Record<string, unknown> = {
    Privileged: true,
    Init: true,
    RestartPolicy: { Name: options["restart-policy"] || "unless-stopped" },
    Mounts: [{ Type: "volume", Source: `${container}_state`, Target: stateDirectory }],
    ...(info.cgroupDriver === "cgroupfs" || options["cgroup-parent"] ? { CgroupParent: options["cgroup-parent"] || "/docker/buildx" } : {}),
    ...(info.securityOptions.some((option) => option.includes("userns")) ? { UsernsMode: "host" } : {}),
    ...(options["network"] ? { NetworkMode: options["network"] } : {}),
  };
  const env: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("env.")) env.push(`${name.slice(4)}=${value}`);
    else if (numberOptions[name] !== undefined) hostConfig[numberOptions[name]] = Number(value);
    else if (memoryOptions[name] !== undefined) hostConfig[memoryOptions[name]] = memoryBytes(value);
    else if (textOptions[name] !== undefined) hostConfig[textOptions[name]] = value;
    else if (!otherOptions.has(name)) throw new BakeError("engine.option", `invalid driver option ${name} for docker-container driver`);
  }
  return { Image: image, Env: env, Cmd: daemonCommand(node, options["network"] === "host"), HostConfig: hostConfig };
}

function daemonCommand(node: StoredNode, hostNetwork: boolean): readonly string[] {
  const flags = [...(node.Flags ?? [])];
  const config = node.Files?.["buildkitd.toml"];
  const configured = flags.some((flag) => flag.startsWith("--allow-insecure-entitlement"));
  const inConfig = config !== undefined && Buffer.from(config, "base64").toString("utf8").includes("network.host");
  if ((!configured && !inConfig) || (hostNetwork && !flags.includes("--allow-insecure-entitlement=network.host"))) {
    flags.push("--allow-insecure-entitlement=network.host");
  }
  return config === undefined ? flags : ["--config", "/etc/buildkit/buildkitd.toml", ...flags];
}

function memoryBytes(text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)\s*([bkmgtp]?)(?:i?b)?$/i.exec(text.trim());
  if (!match) throw new BakeError("engine.option", `invalid size: '${text}'`);
  return Math.floor(Number(match[1]) * 1024 ** "bkmgtp".indexOf((match[2] || "b").toLowerCase()));
}
