/** Reading the definition as a step of the progress display, as the reference shows it (spec/bake.md 1). */
import type { SourceFile } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";

/** The step with a line for each file. Times are nanoseconds since the epoch; `digest` is any unique text. */
export function definitionEvents(files: readonly SourceFile[], times: { readonly started: bigint; readonly completed: bigint }, digest: string): StatusEvent {
  const { started, completed } = times;
  return {
    type: "status",
    vertexes: [{ digest, inputs: [], name: "[internal] load local bake definitions", cached: false, started, completed }],
    statuses: files.map(({ name, text }) => {
      const size = Buffer.byteLength(text);
      return { id: `reading ${name}`, vertex: digest, name: "", current: size, total: size, timestamp: completed, started, completed };
    }),
  };
}
