/**
 * Which node builds which platform (spec/buildkit.md 10.1). Platforms are normalised text such as
 * `linux/arm64` or `linux/arm/v7`.
 */
import type { NodeFacts } from "./facts.ts";

/** Platforms of one target on one node. */
export interface Placement {
  readonly node: number;
  readonly platforms: readonly string[];
}

/**
 * Whether every platform of every target is configured on a node. If so the other nodes need not be
 * started; if not, all nodes have to be asked what they can do before `placePlatforms`.
 */
export function allConfigured(targets: readonly (readonly string[])[], nodes: readonly NodeFacts[]): boolean {
  return targets.every((platforms) => platforms.every((platform) => strictNode(platform, nodes) !== undefined));
}

/** Indexes of the nodes that have to be running to plan these targets; all of them when a platform is not configured anywhere. */
export function neededNodes(targets: readonly (readonly string[])[], nodes: readonly NodeFacts[]): readonly number[] {
  if (!allConfigured(targets, nodes)) return nodes.map((_, index) => index);
  const needed = new Set<number>();
  for (const platforms of targets) {
    if (platforms.length === 0) needed.add(0);
    for (const platform of platforms) needed.add(strictNode(platform, nodes) ?? 0);
  }
  return [...needed].sort((a, b) => a - b);
}

/** A resolver for all targets of a bake: strict on configured platforms when that answers all of them, else the closest node. */
export function placePlatforms(targets: readonly (readonly string[])[], nodes: readonly NodeFacts[]): readonly (readonly Placement[])[] {
  const strict = allConfigured(targets, nodes);
  const known = new Map<string, number>();
  const place = (platform: string): number => {
    let node = known.get(platform);
    if (node === undefined) {
      node = (strict ? strictNode(platform, nodes) : closestNode(platform, nodes)) ?? 0;
      known.set(platform, node);
    }
    return node;
  };
  return targets.map((platforms) => {
    if (platforms.length === 0) return [{ node: 0, platforms: [] }];
    const byNode = new Map<number, string[]>();
    for (const platform of platforms) {
      const node = place(platform);
      byNode.set(node, [...(byNode.get(node) ?? []), platform]);
    }
    return [...byNode].sort(([a], [b]) => a - b).map(([node, list]) => ({ node, platforms: list }));
  });
}

function strictNode(platform: string, nodes: readonly NodeFacts[]): number | undefined {
  const index = nodes.findIndex(({ configuredPlatforms }) => configuredPlatforms.includes(platform));
  return index < 0 ? undefined : index;
}

/** The node one of whose platforms runs the asked one best; the first of equals. */
function closestNode(platform: string, nodes: readonly NodeFacts[]): number | undefined {
  let best: { node: number; rank: number } | undefined;
  nodes.forEach(({ configuredPlatforms, platforms }, node) => {
    for (const own of [...configuredPlatforms, ...platforms]) {
      const rank = runnable(own).indexOf(platform);
      if (rank >= 0 && (!best || rank < best.rank)) best = { node, rank };
    }
  });
  return best?.node;
}

/** Whether some node runs steps of the platform. */
export function isRunnable(platform: string, nodes: readonly NodeFacts[]): boolean {
  return closestNode(platform, nodes) !== undefined;
}

/** What a worker of this platform can run, best first. */
function runnable(platform: string): readonly string[] {
  const [os = "", architecture = "", variant = ""] = platform.split("/");
  const down = (name: string, from: number, to: number): readonly string[] =>
    Array.from({ length: Math.max(0, from - to + 1) }, (_, i) => `${os}/${name}/v${from - i}`);
  switch (architecture) {
    case "amd64": {
      const level = variant === "" ? 1 : Number(variant.slice(1));
      return [...down("amd64", level, 2), `${os}/amd64`, `${os}/386`];
    }
    case "arm64":
      return [platform, ...(variant === "" ? [] : [`${os}/arm64`]), ...down("arm", 8, 5)];
    case "arm":
      return down("arm", variant === "" ? 7 : Number(variant.slice(1)), 5);
    default:
      return [platform];
  }
}
