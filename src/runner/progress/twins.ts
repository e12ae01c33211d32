/** Targets whose build is the same as another's run once; what shows targets one by one shows its steps for each of them. */
import type { Renderer } from "./renderer.ts";

/** Passes what is told of a target on for its twins too. */
export function withTwins(renderer: Renderer, twinsOf: ReadonlyMap<string, readonly string[]>): Renderer {
  if (twinsOf.size === 0) return renderer;
  return {
    showsFailures: renderer.showsFailures === true,
    handle: (event) => {
      renderer.handle(event);
      if (event.type !== "status" || event.target === undefined) return;
      for (const target of twinsOf.get(event.target) ?? []) renderer.handle({ ...event, target });
    },
    finish: () => renderer.finish(),
  };
}
