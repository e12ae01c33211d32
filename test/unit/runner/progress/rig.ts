/** Events as an engine sends them, for tests of what shows them. */
import type { BakeEvent, StatusEvent, TargetEvent, TargetState, Vertex, VertexLog, VertexStatus } from "../../../../src/events.ts";
import type { Renderer } from "../../../../src/runner/progress/renderer.ts";

export const second = 1_000_000_000n;
/** 2023-11-14T22:13:20Z. */
export const zero: bigint = 1_700_000_000n * second;
export const at = (seconds: number): bigint => zero + BigInt(Math.round(seconds * 1e9));
export const bytes = (text: string): Uint8Array => Buffer.from(text);

export function vertex(digest: string, name: string, more: Partial<Vertex> = {}): Vertex {
  return { digest, name, inputs: [], cached: false, ...more };
}

export const status = (event: Omit<StatusEvent, "type">): StatusEvent => ({ type: "status", ...event });

export const start = (...targets: string[]): BakeEvent => ({ type: "start", builder: "default", driver: "docker", targets, time: zero });

export const end = (seconds = 10): BakeEvent => ({ type: "end", succeeded: [], failed: [], cancelled: [], skipped: [], time: at(seconds) });

export function target(name: string, state: TargetState, more: Partial<TargetEvent> = {}): TargetEvent {
  return { type: "target", target: name, state, attempt: 1, time: zero, ...more };
}

export function log(digest: string, text: string, seconds: number, stream = 1): VertexLog {
  return { vertex: digest, stream, data: bytes(text), timestamp: at(seconds) };
}

export function sizes(digest: string, id: string, current: number, total: number, more: Partial<VertexStatus> = {}): VertexStatus {
  return { vertex: digest, id, name: "", current, total, started: zero, timestamp: zero, ...more };
}

/** A clock that tests turn. */
export class Clock {
  milliseconds = Number(zero / 1_000_000n);
  readonly now = (): number => this.milliseconds;

  set(seconds: number): void {
    this.milliseconds = Number(zero / 1_000_000n) + seconds * 1000;
  }
}

export async function replay(renderer: Renderer, events: readonly BakeEvent[]): Promise<void> {
  for (const event of events) renderer.handle(event);
  await renderer.finish();
}
