import { describe, expect, test } from "vitest";
import { neededNodes, placePlatforms } from "../../../src/planner/platforms.ts";
import { node } from "./rig.ts";

describe("placing platforms on nodes", () => {
  const amd = node({ configuredPlatforms: ["linux/amd64"], platforms: ["linux/amd64", "linux/386"] });
  const arm = node({ configuredPlatforms: ["linux/arm64"], platforms: ["linux/arm64"] });

  test("configured platforms that answer everything win, and other nodes are not needed", () => {
    const nodes = [node({ platforms: ["linux/amd64"], configuredPlatforms: [] }), amd, arm];
    expect(neededNodes([["linux/arm64"]], nodes)).toEqual([2]);
    expect(placePlatforms([["linux/arm64", "linux/amd64"]], nodes)).toEqual([
      [
        { node: 1, platforms: ["linux/amd64"] },
        { node: 2, platforms: ["linux/arm64"] },
      ],
    ]);
  });

  test("one platform that nobody configured makes all nodes needed and matching lenient", () => {
    expect(neededNodes([["linux/arm/v7"]], [amd, arm])).toEqual([0, 1]);
    expect(placePlatforms([["linux/arm/v7"], ["linux/386"]], [amd, arm])).toEqual([
      [{ node: 1, platforms: ["linux/arm/v7"] }],
      [{ node: 0, platforms: ["linux/386"] }],
    ]);
  });

  test("the closest node wins over an earlier one that could do it too", () => {
    const v3 = node({ platforms: ["linux/amd64/v3"] });
    const plain = node({ platforms: ["linux/amd64"] });
    expect(placePlatforms([["linux/amd64"], ["linux/amd64/v2"]], [v3, plain])).toEqual([
      [{ node: 1, platforms: ["linux/amd64"] }],
      [{ node: 0, platforms: ["linux/amd64/v2"] }],
    ]);
  });

  test("no platform means node 0 and its own platform; an unknown one falls on node 0", () => {
    expect(placePlatforms([[], ["linux/s390x"]], [amd, arm])).toEqual([[{ node: 0, platforms: [] }], [{ node: 0, platforms: ["linux/s390x"] }]]);
  });
});
