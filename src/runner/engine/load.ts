/**
 * Loading images into a docker engine, and pushing them through it (classic image store): the request,
 * and its progress as vertices of our own (spec/buildkit.md 7.5).
 */
import type { Readable } from "node:stream";
import { BakeError } from "../../diagnostics.ts";
import { ClientVertex, inVertex, nanoseconds, type Emit } from "./client-vertex.ts";
import type { EngineApi } from "./engine-api.ts";

const updateEveryMs = 2000;

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
