/** Progress that the client makes itself, which the engine knows nothing of (spec/buildkit.md 8.4). */
import { createHash, randomBytes } from "node:crypto";
import { nanosecondsOf, type StatusEvent, type Vertex, type VertexStatus } from "../../events.ts";

export type Emit = (event: StatusEvent) => void;

/** Nanoseconds since the epoch. */
export const nanoseconds = (): bigint => nanosecondsOf(Date.now());

/** A vertex of our own; it has started once it is made. */
export class ClientVertex {
  readonly #vertex: Vertex;
  readonly #target: string | undefined;
  readonly #emit: Emit;

  constructor(name: string, target: string | undefined, emit: Emit) {
    const digest = `sha256:${createHash("sha256").update(randomBytes(16)).digest("hex")}`;
    this.#vertex = { digest, inputs: [], name, cached: false, started: nanoseconds() };
    this.#target = target;
    this.#emit = emit;
    this.#send({ vertexes: [this.#vertex] });
  }

  status(status: Omit<VertexStatus, "vertex" | "timestamp">): void {
    this.#send({ statuses: [{ ...status, vertex: this.#vertex.digest, timestamp: nanoseconds() }] });
  }

  /** Runs a part of the work as a status line. */
  async step<T>(id: string, work: () => Promise<T>): Promise<T> {
    const started = nanoseconds();
    this.status({ id, name: "", current: 0, total: 0, started });
    const result = await work();
    this.status({ id, name: "", current: 0, total: 0, started, completed: nanoseconds() });
    return result;
  }

  end(error?: string): void {
    this.#send({ vertexes: [{ ...this.#vertex, completed: nanoseconds(), ...(error === undefined ? {} : { error }) }] });
  }

  #send(parts: Omit<StatusEvent, "type" | "target">): void {
    this.#emit({ type: "status", ...(this.#target === undefined ? {} : { target: this.#target }), ...parts });
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
