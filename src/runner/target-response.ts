/** What the answer of a solve says about each target that it built. */
import type { TargetImage } from "../events.ts";
import type { Job, Plan, PlannedExporter, Twin } from "../planner/plan.ts";

type Response = Readonly<Record<string, string>>;

/** Exporters that put something into the answer; files do not. */
const answering: ReadonlySet<string> = new Set(["image", "moby", "oci", "docker"]);

/** Image names that exporters write, in order. */
function namesOf(exporters: readonly PlannedExporter[]): readonly string[] {
  return exporters.flatMap(({ attributes: { name } }) => (typeof name === "string" && name !== "" ? name.split(",") : []));
}

/** The parts of a job's response that belong to its own target and to each twin, by target. */
export function splitResponse({ target, names, request: { exporters } }: Job, twins: readonly Twin[], response: Response): ReadonlyMap<string, Response> {
  const own = names ? withNames(response, namesOf(exporters), names) : response;
  return new Map([[target, own], ...twins.map((twin): [string, Response] => [twin.target, twinResponse(exporters, twin, response)])]);
}

function twinResponse(exporters: readonly PlannedExporter[], twin: Twin, response: Response): Response {
  const answered = twin.exporters.some((index) => {
    const exporter = exporters[index];
    return exporter !== undefined && answering.has(exporter.type);
  });
  if (answered) return withNames(response, namesOf(exporters), twin.names);
  // What the exporters of others gave is not its own.
  return Object.fromEntries(Object.entries(response).filter(([key]) => !key.startsWith("containerimage.") && key !== "image.name"));
}

/** Of the names in the answer, which are in the order of the request but spelt out, only some. */
function withNames(response: Response, planned: readonly string[], wanted: readonly string[]): Response {
  const answered = (response["image.name"] ?? "").split(",");
  if (answered.length !== planned.length) return response;
  const names = new Set(wanted);
  return { ...response, "image.name": answered.filter((_, index) => names.has(planned[index] ?? "")).join(",") };
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
