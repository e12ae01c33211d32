/** Reading the definition as a step of the progress display, as the reference shows it (spec/bake.md 1). */
import type { SourceFile } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";

export interface Reading {
  /** Nanoseconds since the epoch. */
  readonly started: bigint;
  readonly completed: bigint;
  /** The files are named by BUILDX_BAKE_FILE. */
  readonly fromVariable: boolean;
}

/** The step with a line for each file. `digest` is any unique text. */
export function definitionEvents(files: readonly SourceFile[], { started, completed, fromVariable }: Reading, digest: string): StatusEvent {
  const name = `[internal] load local bake definitions${fromVariable ? " from BUILDX_BAKE_FILE env" : ""}`;
  return {
    type: "status",
    vertexes: [{ digest, inputs: [], name, cached: false, started, completed }],
    statuses: files.map(({ name, text }) => {
      const size = Buffer.byteLength(text);
      return { id: `reading ${name}`, vertex: digest, name: "", current: size, total: size, timestamp: completed, started, completed };
    }),
  };
}
