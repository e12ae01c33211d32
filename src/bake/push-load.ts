/** What `push` and `load` make of a target's outputs (spec/bake.md 8.3). New lists and entries: the old ones are shared. */
import type { OutputEntry } from "./model.ts";

/** Pushes every image, or adds one to push; `false` takes pushing away. */
export function pushOutputs(outputs: readonly OutputEntry[], push: boolean): readonly OutputEntry[] {
  const out = push ? [...outputs] : withoutRegistry(outputs);
  for (const [index, entry] of out.entries()) if (entry.type === "image") out[index] = { ...entry, push: String(push) };
  if (push && out.every(({ type }) => type === "docker")) out.push({ push: "true", type: "image" });
  return out;
}

/** The last entry takes the place of a removed one: the order that users see printed. */
function withoutRegistry(outputs: readonly OutputEntry[]): OutputEntry[] {
  const out = [...outputs];
  for (let i = 0; i < out.length; ) {
    if (out[i]?.type !== "registry") {
      i++;
      continue;
    }
    const moved = out.pop() as OutputEntry;
    if (i < out.length) out[i] = moved;
  }
  return out;
}

const loadable: ReadonlySet<string> = new Set(["docker", "image", "registry", "oci"]);

/** Adds a load into the engine, unless there is one or an output speaks against it; `false` does nothing. */
export function loadOutputs(outputs: readonly OutputEntry[], load: boolean): readonly OutputEntry[] {
  if (!load) return outputs;
  for (const { type, dest = "" } of outputs as readonly { type: string; dest?: string }[]) {
    if ((type === "docker" && dest === "") || !loadable.has(type)) return outputs;
  }
  return [...outputs, { type: "docker" }];
}
