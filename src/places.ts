/** Where the values of resolved targets were written, for messages about several targets. Targets are explained only when they are asked for. */
import { explainTarget, type Origin } from "./bake/explain.ts";
import type { ResolvedBake } from "./bake/resolved.ts";
import type { Place, PlaceOf } from "./planner/conflicts.ts";

export function placesOf({ targets }: ResolvedBake): PlaceOf {
  const explained = new Map<string, ReadonlyMap<string, Origin>>();
  return (name, item) => {
    const target = targets.get(name);
    if (!target) return {};
    const origins = explained.get(name) ?? explainTarget(target);
    explained.set(name, origins);
    const [field = ""] = item.split("/", 1);
    return placeOf(origins.get(item) ?? origins.get(field)) ?? { range: target.range };
  };
}

function placeOf(origin: Origin | undefined): Place | undefined {
  switch (origin?.kind) {
    case "file":
      return { range: origin.range };
    case "flag":
      return { flag: origin.flag };
    case "environment":
    case "link":
    case "default":
    case undefined:
      return undefined;
    default:
      return origin satisfies never;
  }
}
