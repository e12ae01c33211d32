/** Names what a build wrote to OCI layouts: local caches, and outputs with `tar=false` (spec/buildkit.md 6.8). */
import type { Job } from "../planner/plan.ts";
import { normaliseName } from "./image-name.ts";
import type { RunContext } from "./run-context.ts";
import { putIndex, removeUnreachable, type Descriptor, type LayoutName } from "./layout-index.ts";

/** Records what the response tells. A cache that cannot be tidied is only a warning. */
export async function recordLayouts(job: Job, response: Readonly<Record<string, string>>, { emit }: Pick<RunContext, "emit">): Promise<void> {
  const directories = new Map(job.stores.map(({ name, directory }) => [name, directory]));
  const output = directories.get("export");
  const image = response["containerimage.descriptor"];
  if (output !== undefined && image !== undefined) {
    const names = (response["image.name"] ?? "").split(",").filter((name) => name !== "");
    const entries = names.map((name): LayoutName => ({ kind: "image", name: normaliseName(name) }));
    const descriptor = JSON.parse(Buffer.from(image, "base64").toString("utf8")) as Descriptor;
    await putIndex(output, descriptor, entries.length > 0 ? entries : [{ kind: "tag", tag: "latest" }]);
  }
  const cache = response["cache.manifest"];
  if (cache === undefined) return;
  for (const { type, attributes } of job.request.cacheTo) {
    const { dest, tag, reset } = attributes;
    const directory = type === "local" && typeof dest === "string" ? directories.get(`local:${dest}`) : undefined;
    if (directory === undefined) continue;
    await putIndex(directory, JSON.parse(cache) as Descriptor, [{ kind: "tag", tag: typeof tag === "string" && tag !== "" ? tag : "latest" }]);
    if (reset !== "true" && reset !== "1") continue;
    await removeUnreachable(directory).catch((error: unknown) => {
      emit({ type: "message", severity: "warning", text: `failed to reset local cache ${directory}: ${(error as Error).message}` });
    });
  }
}
