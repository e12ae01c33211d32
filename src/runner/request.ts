/**
 * The complete request of a job, ready to be sent: references filled in, results of parents as inputs,
 * cache imports repeated where the frontend reads them (spec/buildkit.md 2.2, 4.3, 4.5).
 */
import { InternalError } from "../diagnostics.ts";
import type { Job, PlannedCache, PlannedExporter } from "../planner/plan.ts";
import type { FrontendResult } from "./build-calls.ts";
import { emptyDefinition, type Definition, type Entry } from "./buildkit/messages.ts";
import { gitInputs } from "./git-inputs.ts";
import { linkInputs } from "./link-inputs.ts";
import { fillAttributes, type ValueSources } from "./values.ts";

export interface FilledRequest {
  readonly frontend: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inputs: ReadonlyMap<string, Definition>;
  readonly exporters: readonly Entry[];
  readonly cacheExports: readonly Entry[];
  readonly cacheImports: readonly Entry[];
}

/** Fills the request; `parents` are results by job id. */
export function fillRequest({ id, request, links, mounts }: Job, parents: ReadonlyMap<string, FrontendResult>, sources: ValueSources): FilledRequest {
  const entry = ({ type, attributes }: PlannedExporter | PlannedCache): Entry => ({ type, attributes: fillAttributes(attributes, sources) });
  const attributes = fillAttributes(request.attributes, sources);
  const inputs = new Map<string, Definition>(gitInputs(attributes, mounts));
  for (const link of links) {
    const result = parents.get(link.job);
    if (!result) throw new InternalError(`job ${id} started without the result of ${link.job}`);
    const linked = linkInputs(link, result, emptyDefinition);
    for (const name of linked.removed) delete attributes[name];
    Object.assign(attributes, linked.attributes);
    for (const [name, definition] of linked.inputs) inputs.set(name, definition);
  }
  const cacheImports = request.cacheFrom.map(entry);
  if (cacheImports.length > 0) attributes["cache-imports"] = JSON.stringify(cacheImports.map(({ type, attributes: attrs }) => ({ Type: type, Attrs: attrs })));
  return { frontend: request.frontend, attributes, inputs, exporters: request.exporters.map(entry), cacheExports: request.cacheTo.map(entry), cacheImports };
}
