/** What is left when all builds of a target are done: pushes through the docker engine, and the index of several nodes (spec/buildkit.md 7.5, 10.2). */
import type { EnginePush, IndexMerge } from "../planner/plan.ts";
import { ClientVertex, inVertex } from "./engine/client-vertex.ts";
import { pushImage } from "./engine/load.ts";
import { parseName } from "./image-name.ts";
import { pushIndex, type MergePart } from "./merge-index.ts";
import type { RunContext } from "./run-context.ts";
import { registryAuth } from "./session/auth.ts";

type Response = Readonly<Record<string, string>>;

/** The target's response, from those of its builds in node order. */
export async function finishTarget(target: string, responses: readonly Response[], context: RunContext): Promise<Response> {
  const response = Object.assign({}, ...responses) as Response;
  const push = context.plan.pushes.find((candidate) => candidate.target === target);
  if (push) return await pushByEngine(push, response, context);
  const merge = context.plan.merges.find((candidate) => candidate.target === target);
  return merge ? await mergeNodes(merge, responses, context) : response;
}

async function pushByEngine({ target, names }: EnginePush, response: Response, { engine, host, emit, signal }: RunContext): Promise<Response> {
  const api = engine.loadingEngine();
  let digest = "";
  for (const name of names) {
    const auth = await registryAuth(host, parseName(name).registry);
    digest = await pushImage(api, name, { auth, target, emit, signal });
  }
  const config = response["containerimage.config.digest"] ?? response["containerimage.digest"];
  return { ...response, ...(config === undefined ? {} : { "containerimage.config.digest": config }), "containerimage.digest": digest };
}

async function mergeNodes(merge: IndexMerge, responses: readonly Response[], { host, emit, signal }: RunContext): Promise<Response> {
  const parts = responses.map((response): MergePart => {
    const descriptor = response["containerimage.descriptor"];
    return descriptor === undefined
      ? { digest: response["containerimage.digest"] ?? "" }
      : (JSON.parse(Buffer.from(descriptor, "base64").toString("utf8")) as MergePart);
  });
  const vertex = new ClientVertex(`merging manifest list ${merge.names.join(",")}`, merge.target, emit);
  const digest = await inVertex(vertex, () => pushIndex(parts, merge, { host, signal }));
  return { "containerimage.digest": digest };
}
