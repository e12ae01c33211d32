/** What the answer of a solve says about each target that it built. */
import type { TargetImage } from "../events.ts";
import type { Plan, PlannedExporter, Twin } from "../planner/plan.ts";
import { isFiles } from "../planner/twins.ts";

type Response = Readonly<Record<string, string>>;

/** The part that belongs to a twin: what the exporters of others gave is not its own. */
export function twinResponse(exporters: readonly PlannedExporter[], twin: Twin, response: Response): Response {
  const answering = twin.exporters.some((index) => {
    const exporter = exporters[index];
    return exporter !== undefined && !isFiles(exporter);
  });
  if (answering) return response;
  return Object.fromEntries(Object.entries(response).filter(([key]) => !key.startsWith("containerimage.") && key !== "image.name"));
}

/** The image that a target gave; undefined where its outputs are no images. */
export function targetImage(target: string, response: Response, { jobs, twins }: Plan): TargetImage | undefined {
  const digest = response["containerimage.digest"];
  const names = (response["image.name"] ?? "").split(",").filter((name) => name !== "");
  if (digest === undefined && names.length === 0) return undefined;
  const ids = new Set(twins.filter((twin) => twin.target === target).map(({ job }) => job));
  const own = jobs.filter((job) => job.target === target || ids.has(job.id));
  const pushed = own.some(({ request }) => request.exporters.some(({ attributes }) => attributes["push"] === "true"));
  return { ...(digest === undefined ? {} : { digest }), names, pushed };
}
