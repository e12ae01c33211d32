/** Durations that are remembered from run to run: bounded, and never in the way. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Host } from "../../../src/host.ts";
import { nodeHost } from "../../../src/node-host.ts";
import { readDurations, recordDurations } from "../../../src/runner/history.ts";

describe("durations", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tsbake-history-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const host = (cwd = "/project", now = 1, env: Readonly<Record<string, string>> = {}): Host => ({
    ...nodeHost(),
    env: { TSBAKE_DATA: join(folder, "data"), ...env },
    cwd,
    now: () => now,
  });
  const read = (from: Host): unknown => Object.fromEntries(readDurations(from));
  const numbered = (count: number): ReadonlyMap<string, number> => new Map(Array.from({ length: count }, (_, i) => [`t${i}`, i]));

  test("are kept for each working directory", () => {
    expect(read(host())).toEqual({});
    recordDurations(host(), new Map([["a", 1000.4]]));
    recordDurations(host("/other"), new Map([["a", 5]]));
    expect([read(host()), read(host("/other")), read(host("/third"))]).toEqual([{ a: 1000 }, { a: 5 }, {}]);
    expect(statSync(join(folder, "data/history.json")).mode & 0o777).toBe(0o600);
  });

  test("fade when a target was cached, and grow at once", () => {
    recordDurations(
      host(),
      new Map([
        ["a", 1000],
        ["b", 10],
      ]),
    );
    recordDurations(host(), new Map([["a", 3]]));
    expect(read(host())).toEqual({ a: 800, b: 10 });
    recordDurations(host(), new Map([["a", 2000]]));
    expect(read(host())).toEqual({ a: 2000, b: 10 });
  });

  test("of projects that were built long ago are forgotten first", () => {
    for (const [i, project] of ["/one", "/two", "/three"].entries()) recordDurations(host(project, i), numbered(2000));
    expect(["/one", "/two", "/three"].map((project) => readDurations(host(project)).size)).toEqual([0, 2000, 2000]);
    recordDurations(host("/big"), numbered(9000));
    expect(readDurations(host("/big")).size).toBe(5000);
  });

  test("are kept where the environment says, or not at all", () => {
    const file = join(folder, "own.json");
    recordDurations(host("/p", 1, { TSBAKE_HISTORY: file }), new Map([["a", 7]]));
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ version: 1, projects: { "/p": { time: 1, targets: { a: 7 } } } });
    const off = host("/p", 1, { TSBAKE_HISTORY: "off" });
    recordDurations(off, new Map([["a", 7]]));
    expect([read(off), read(host("/p"))]).toEqual([{}, {}]);
  });

  test.each([
    "",
    "{",
    "[]",
    '{"version":2,"projects":{}}',
    '{"version":1,"projects":{"/p":{"time":"x"}}}',
    '{"version":1,"projects":{"/p":{"time":1,"targets":{"a":"long"}}}}',
  ])("a file that holds %j is passed over", (text) => {
    const file = join(folder, "own.json");
    writeFileSync(file, text);
    const own = host("/p", 1, { TSBAKE_HISTORY: file });
    expect(read(own)).toEqual({});
    recordDurations(own, new Map([["a", 7]]));
    expect(read(own)).toEqual({ a: 7 });
  });

  test("two runs that end at the same time leave a whole file, with what the last one knew", () => {
    const other = host("/other", 2);
    let others = true;
    const own: Host = {
      ...host(),
      readFile: (path) => {
        const before = host().readFile(path);
        // The other one reads and writes while this one has read and not yet written.
        if (others) recordDurations(other, new Map([["b", 5]]));
        others = false;
        return before;
      },
    };
    recordDurations(host(), new Map([["a", 7]]));
    recordDurations(own, new Map([["a", 9]]));
    expect([read(host()), read(other)]).toEqual([{ a: 9 }, {}]);
    expect(readdirSync(join(folder, "data"))).toEqual(["history.json"]);
    recordDurations(other, new Map([["b", 5]]));
    expect([read(host()), read(other)]).toEqual([{ a: 9 }, { b: 5 }]);
  });

  test("a place that cannot be written is passed over", () => {
    const own = host("/p", 1, { TSBAKE_HISTORY: join(folder, "missing\0/x.json") });
    recordDurations(own, new Map([["a", 7]]));
    expect(read(own)).toEqual({});
  });
});
