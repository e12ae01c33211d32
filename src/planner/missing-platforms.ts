/**
 * Platforms that no node runs, said before anything starts. They are built on the first node all the
 * same, as the reference does: a build without steps of that platform needs no machine that runs it.
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { PlaceOf } from "./conflicts.ts";
import type { EngineFacts } from "./facts.ts";
import { isRunnable } from "./platforms.ts";
import type { TargetInput } from "./target.ts";

/** One warning for each platform, at the first target that asks for it. */
export function findMissingPlatforms(targets: readonly TargetInput[], { builder, nodes }: EngineFacts, placeOf: PlaceOf): readonly Diagnostic[] {
  if (!nodes.some(({ loaded }) => loaded)) return [];
  const wanting = new Map<string, string[]>();
  for (const { name, platforms } of targets) {
    for (const platform of platforms) {
      const list = wanting.get(platform);
      if (list) list.push(name);
      else wanting.set(platform, [name]);
    }
  }
  return [...wanting].flatMap(([platform, names]): Diagnostic[] => {
    if (isRunnable(platform, nodes)) return [];
    const [first = ""] = names;
    const { range } = placeOf(first, "platforms");
    const others = names.length > 1 ? ` and ${names.length - 1} more` : "";
    return [
      {
        severity: "warning",
        code: "plan.platform",
        summary: `no node of builder "${builder}" runs ${platform}, which target ${first}${others} asks for`,
        detail: `it is built on node ${nodes[0]?.name ?? ""}, where RUN steps for it fail`,
        ...(range ? { range } : {}),
      },
    ];
  });
}
