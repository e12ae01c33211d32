/** Progress in a real pseudo terminal, from a made-up stream: what a person sees, at several sizes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Screen } from "./screen.ts";
import type { ShowOptions } from "./show-stream.ts";

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsbake-screen-"));
  program = join(folder, "show-stream.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "show-stream.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

function show(options: ShowOptions, columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Screen {
  return new Screen([process.execPath, program, JSON.stringify(options)], { columns, rows, cwd: folder, env });
}

const five: ShowOptions = { targets: 5, stepsEach: 4, failEvery: 5, parallel: 3, until: 1.5 };
const many: ShowOptions = { targets: 500, stepsEach: 4, failEvery: 25, parallel: 12, until: 20 };
const isDrawn = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith("[+] Baking "));
/** A spinner and a moving bar stand still, but where depends on the second. */
const still = (line: string): string => line.replace(/^ [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, " *").replace(/[█░]{12}/, "============");
const textOf = (lines: readonly string[]): string => lines.join("\n").trimEnd();

describe("five targets", () => {
  test("have a row each, running ones with the end of their log", async () => {
    const screen = show(five, 80, 24);
    expect((await screen.shows("the build", isDrawn)).map(still).filter((line) => line !== "")).toEqual([
      "[+] Baking 1.5s (2/5 targets, 5/15 steps cached)                 docker:made-up",
      " ↑ ============ target-0001 context  1.00kB  667B/s",
      " ✔ target-0000                                               4/4 2 cached  1.3s",
      " * target-0001 [4/4] RUN step 3 of target-0001               3/4 1 cached  1.5s",
      "     0.100 target-0001 says hello from step 3",
      " ✔ target-0002                                               4/4 1 cached  1.3s",
      " * target-0003 [2/4] RUN step 1 of target-0003               1/2 1 cached  0.2s",
      "     0.100 target-0003 says hello from step 1",
      " * target-0004 [1/4] RUN step 0 of target-0004                        0/1  0.2s",
      "     0.100 target-0004 says hello from step 0",
    ]);
    expect(screen.cursorHidden).toBe(true);
  });

  test("end with one block: finished ones collapsed, the failed one expanded, a summary", async () => {
    const screen = show(five, 130, 24);
    await screen.shows("the build", isDrawn);
    screen.signal("SIGUSR2");
    const { exit, text } = await screen.done;
    expect(exit).toBe(0);
    const image = (i: number): string => ` target-000${i}: pushed example.org/target-000${i}:1@sha256:${String(i).padStart(64, "0")}`;
    expect(text.split("\n").map((line) => line.trimEnd().replace(/ {20,}/, "  ...  "))).toEqual([
      "[+] Baking 3.5s (5/5 targets, 7/20 steps cached) FINISHED  ...  docker:made-up",
      " ✔ target-0000  ...  4/4 2 cached  1.3s",
      " ✔ target-0001  ...  4/4 1 cached  1.9s",
      " ✔ target-0002  ...  4/4 1 cached  1.3s",
      " ✔ target-0003  ...  4/4 2 cached  1.5s",
      " ✖ target-0004 [4/4] RUN step 3 of target-0004  ...  4/4 1 cached  2.2s",
      "   > [4/4] RUN step 3 of target-0004:",
      "   0.100 target-0004 says hello from step 3",
      "   Dockerfile:3",
      "   --------------------",
      "      1 |     FROM base",
      "      2 |     RUN a",
      "      3 | >>> RUN b",
      "      4 |",
      "   --------------------",
      "   failed to solve target-0004: exit code: 7",
      "",
      "5 targets in 3.5s: 4 succeeded, 1 failed; 7 of 20 steps cached (35%); sent 250.00kB",
      ...[0, 1, 2, 3].map(image),
    ]);
    expect(screen.cursorHidden).toBe(false);
  });

  test("fit a small terminal", async () => {
    const screen = show({ ...five, until: 3 }, 40, 8);
    const lines = await screen.shows("the build", isDrawn);
    expect(lines.filter((line) => /target-000\d/.test(line)).length).toBeGreaterThanOrEqual(4);
    expect(screen.all()).toHaveLength(8);
  });

  test("have no log lines with BUILDKIT_TTY_LOG_LINES=0, and no colour with NO_COLOR", async () => {
    const screen = show(five, 80, 24, { BUILDKIT_TTY_LOG_LINES: "0", NO_COLOR: "1" });
    expect(textOf(await screen.shows("the build", isDrawn))).not.toContain("says hello");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(screen.raw).not.toMatch(/\u001b\[[0-9;]*m/);
  });

  test("are drawn in ASCII where the locale has nothing else", async () => {
    const screen = show(five, 80, 24, { LANG: "C" });
    expect(textOf(await screen.shows("the build", isDrawn))).toMatch(/^[ -~\n]*$/);
  });
});

describe("five hundred targets", () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 50],
    [40, 10],
  ] as const) {
    test(`fit ${columns} by ${rows}: what failed and what runs is shown, the rest counted`, async () => {
      const screen = show(many, columns, rows);
      const lines = await screen.shows("the build", isDrawn);
      const failed = lines.filter((line) => line.startsWith(" ✖ "));
      const running = lines.filter((line) => still(line).startsWith(" * "));
      const rest = lines.find((line) => line.startsWith(" … ")) ?? "";
      const counted = [...rest.matchAll(/(\d+) \w+/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      // The end of the line may be cut off, but only where it is too narrow.
      if (columns > 40) expect(failed.length + running.length + counted).toBe(500);
      else expect(rest).toMatch(/^ … \d+ running, 356 waiting, 127/);
      expect(failed).toHaveLength(rows > 10 ? 5 : failed.length);
      expect(running).toHaveLength(rows > 10 ? 12 : running.length);
      expect(failed.length + running.length).toBeGreaterThan(2);
      // Nothing has scrolled out: the block never was higher than the screen.
      expect(screen.all()).toHaveLength(rows);
    });
  }

  test("end with the failed ones expanded and the others counted", async () => {
    const screen = show(many, 100, 24);
    await screen.shows("the build", isDrawn);
    screen.signal("SIGUSR2");
    const { text } = await screen.done;
    expect(text.match(/\[\+\] Baking/g)).toHaveLength(1);
    expect(text.match(/^ ✖ /gm)).toHaveLength(20);
    expect(text.match(/failed to solve target-\d+: exit code: 7/g)).toHaveLength(20);
    expect(text).toContain("\n … 480 done\n");
    expect(text).toContain("500 targets in 74.2s: 480 succeeded, 20 failed; 660 of 2000 steps cached (33%); sent 25.00MB");
    expect(text).toContain(" ... and 450 more; --metadata-file lists them all");
  });
});

describe("a terminal that changes its size", () => {
  test("narrower and lower: the block is drawn anew, and nothing of the old one stays", async () => {
    const screen = show(five, 120, 30);
    await screen.shows("the build", isDrawn);
    screen.resize(60, 12);
    const narrow = await screen.shows("the narrow build", (lines) => lines.some((line) => /^ . target-0001 .{40,44}1\.5s$/.test(line)));
    expect(narrow.filter((line) => line.startsWith("[+] Baking"))).toHaveLength(1);
    expect(narrow.filter((line) => line.includes(" target-0000 "))).toHaveLength(1);
    screen.resize(120, 30);
    const wide = await screen.shows("the wide build", (lines) =>
      lines.some((line) => line.startsWith("[+] Baking") && line.endsWith("docker:made-up") && line.length === 119),
    );
    expect(wide.filter((line) => line.startsWith("[+] Baking"))).toHaveLength(1);
  });
});

describe("Ctrl-C", () => {
  test("leaves the block in its last state, the summary below, and the cursor visible", async () => {
    const screen = show(five, 80, 24);
    await screen.shows("the build", isDrawn);
    screen.type("\u0003");
    const { exit, text } = await screen.done;
    expect(exit).toBe(130);
    expect(text).toContain(" ◼ target-0001 cancelled");
    expect(text).toContain("5 targets in 1.5s: 2 succeeded, 3 cancelled; ");
    expect(text.match(/\[\+\] Baking/g)).toHaveLength(1);
    expect(screen.cursorHidden).toBe(false);
  });
});
