/** Limits of build containers as solve attributes (spec/bake.md 11.3). Expectations are the reference's. */
import { describe, expect, test } from "vitest";
import { resourceAttributes, shmSizeAttribute, ulimitAttribute } from "../../../src/bake/limits.ts";
import type { Parsed } from "../../../src/bake/parsed.ts";

const told = (parsed: Parsed<Readonly<Record<string, string>>>): unknown => (parsed.ok ? parsed.value : `✗ ${parsed.message}`);

describe("sizes", () => {
  test.each([
    ["1.5g", "1610612736"],
    ["64 KiB", "65536"],
    ["1t", "1099511627776"],
    ["8589934592g", "9223372036854775807"],
    ["0.1", undefined],
  ])("%s is %s bytes of shared memory", (text, bytes) => {
    expect(told(shmSizeAttribute(text))).toEqual(bytes === undefined ? {} : { "shm-size": bytes });
  });

  test.each([" 1g", "1g ", "1  g", "1q", "-1", ""])("%j is no size of shared memory", (text) => {
    expect(told(shmSizeAttribute(text))).toBe(`✗ invalid value ${text} for membytes key shm-size`);
  });

  test("white space around those of resources does not matter", () => {
    expect(told(resourceAttributes({ memory: " 1g ", "memory-swap": " -1" }))).toEqual({ memory: "1073741824", memswap: "-1" });
    expect(told(resourceAttributes({ memory: " x " }))).toBe(`✗ invalid value "x" for resource memory: invalid size: 'x'`);
  });
});

test("ulimits are sorted, the last of a name counts", () => {
  expect(told(ulimitAttribute(["nofile=1:2", "core=-1", "nofile=3"]))).toEqual({ ulimit: "core=-1:-1,nofile=3:3" });
  expect(told(ulimitAttribute(["foo=1"]))).toBe("✗ invalid ulimit type: foo");
  expect(told(ulimitAttribute(["nofile=2:1"]))).toBe("✗ ulimit soft limit must be less than or equal to hard limit: 2 > 1");
});
