/**
 * Loading images into a docker engine, and pushing them through it (classic image store): the request,
 * and its progress as vertices of our own (spec/buildkit.md 7.5).
 */
import { createHash, randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { BakeError } from "../../diagnostics.ts";
import type { StatusEvent, Vertex, VertexStatus } from "../../events.ts";
import type { EngineApi } from "./engine-api.ts";

export type Emit = (event: StatusEvent) => void;

const nanoseconds = (): bigint => BigInt(Date.now()) * 1_000_000n;
const updateEveryMs = 2000;

/** A vertex made by the client itself, which the engine knows nothing of. */
export class ClientVertex {
  readonly #vertex: Vertex;
  readonly #target: string;
  readonly #emit: Emit;

  constructor(name: string, target: string, emit: Emit) {
    const digest = `sha256:${createHash("sha256").update(randomBytes(16)).digest("hex")}`;
    this.#vertex = { digest, inputs: [], name, cached: false, started: nanoseconds() };
    this.#target = target;
    this.#emit = emit;
    emit({ type: "status", target, vertexes: [this.#vertex] });
  }

  status(status: Omit<VertexStatus, "vertex" | "timestamp">): void {
    const full = { ...status, vertex: this.#vertex.digest, timestamp: nanoseconds() };
    this.#emit({ type: "status", target: this.#target, statuses: [full] });
  }

  end(error?: string): void {
    const vertex = { ...this.#vertex, completed: nanoseconds(), ...(error === undefined ? {} : { error }) };
    this.#emit({ type: "status", target: this.#target, vertexes: [vertex] });
  }
}

/** Runs work under a vertex of its own. */
export async function inVertex<T>(vertex: ClientVertex, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    vertex.end();
    return result;
  } catch (error) {
    vertex.end((error as Error).message);
    throw error;
  }
}

/** Sends an image archive to the engine and resolves once the engine has taken it. */
export async function loadImage(engine: EngineApi, archive: Readable, options: { target: string; emit: Emit; signal?: AbortSignal }): Promise<void> {
  const vertex = new ClientVertex("importing to docker", options.target, options.emit);
  await inVertex(vertex, async () => {
    const answer = await engine.send({
      method: "POST",
      path: "/images/load?quiet=0",
      body: archive,
      headers: { "Content-Type": "application/x-tar", "Transfer-Encoding": "chunked" },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    await followMessages(answer as AsyncIterable<Buffer>, vertex, "loading layer", "Loading layer");
  });
}

/** Pushes one name with the credentials given; resolves with the digest that the registry then has. */
export async function pushImage(engine: EngineApi, name: string, options: { auth: string; target: string; emit: Emit; signal?: AbortSignal }): Promise<string> {
  const vertex = new ClientVertex(`pushing ${name} with docker`, options.target, options.emit);
  return await inVertex(vertex, async () => {
    const [repository, tag] = splitTag(name);
    const headers = { "X-Registry-Auth": options.auth };
    const signal = options.signal ? { signal: options.signal } : {};
    const answer = await engine.send({ method: "POST", path: `/images/${repository}/push?tag=${encodeURIComponent(tag)}`, headers, ...signal });
    await followMessages(answer as AsyncIterable<Buffer>, vertex, "pushing layer", "Pushing");
    const { Descriptor } = await engine.json<{ Descriptor: { digest: string } }>({ method: "GET", path: `/distribution/${name}/json`, headers, ...signal });
    return Descriptor.digest;
  });
}

function splitTag(name: string): readonly [string, string] {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? [name.slice(0, colon), name.slice(colon + 1)] : [name, "latest"];
}

interface EngineMessage {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

async function followMessages(answer: AsyncIterable<Buffer>, vertex: ClientVertex, label: string, counted: string): Promise<void> {
  const layers = new Map<string, { started: bigint; shown: number }>();
  for await (const { id, status, error, progressDetail } of messages(answer)) {
    if (error !== undefined) throw new BakeError("engine.load", error);
    if (id === undefined || id === "" || progressDetail === undefined) continue;
    const now = Date.now();
    const layer = layers.get(id) ?? { started: nanoseconds(), shown: 0 };
    layers.set(id, layer);
    if (now - layer.shown < updateEveryMs) continue;
    layer.shown = now;
    const { current = 0, total = 0 } = status === counted ? progressDetail : {};
    vertex.status({ id: `${label} ${id}`, name: "", current, total, started: layer.started });
  }
}

/** The engine answers with JSON values one after the other, usually a line each. */
async function* messages(answer: AsyncIterable<Buffer>): AsyncIterable<EngineMessage> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line) as EngineMessage;
  }
  if (text.trim() !== "") yield JSON.parse(text) as EngineMessage;
}
