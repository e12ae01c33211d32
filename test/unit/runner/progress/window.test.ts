import { describe, expect, test } from "vitest";
import type { BakeEvent, TargetState } from "../../../../src/events.ts";
import { styleOf } from "../../../../src/runner/progress/palette.ts";
import { TargetRows } from "../../../../src/runner/progress/rows.ts";
import { summarise } from "../../../../src/runner/progress/summary.ts";
import { fit, plainText, textWidth } from "../../../../src/runner/progress/text.ts";
import { drawFinal, drawWindow } from "../../../../src/runner/progress/window.ts";
import { at, bytes, Clock, log, sizes, start, status, target, vertex } from "./rig.ts";

const plainStyle = styleOf({ LANG: "C.UTF-8", NO_COLOR: "1" });

interface Scene {
  readonly lines: (height: number, columns?: number) => string[];
  readonly final: (height: number, columns?: number) => string[];
  readonly summary: () => string;
}

/** Shows events that all happened in the first second, at 2.0 seconds. */
function scene(events: readonly BakeEvent[], env: Record<string, string> = { LANG: "C.UTF-8", NO_COLOR: "1" }): Scene {
  const clock = new Clock();
  const startedAt = clock.now();
  const model = new TargetRows(clock.now);
  for (const event of events) model.apply(event);
  clock.set(2);
  const input = (height: number, columns = 60) => ({
    model,
    columns,
    height,
    now: clock.now(),
    startedAt,
    style: styleOf(env),
    logLines: 6,
    builder: "docker:default",
  });
  const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());
  return {
    lines: (height, columns) => trimmed(drawWindow(input(height, columns))),
    final: (height, columns) => trimmed(drawFinal(input(height, columns))),
    summary: () => summarise(model, { style: styleOf(env), seconds: 2 }),
  };
}

const runs = (name: string, step: string, digest = `${name}-1`): BakeEvent[] => [
  target(name, "running"),
  { ...status({ vertexes: [vertex(digest, step, { started: at(0) })] }), target: name },
];

describe("a few targets", () => {
  const events: readonly BakeEvent[] = [
    start("db", "api", "web"),
    target("db", "running"),
    target("db", "succeeded"),
    ...runs("api", "[2/3] RUN make"),
    {
      ...status({
        vertexes: [vertex("x", "[1/3] COPY . .", { started: at(0), completed: at(1), cached: true })],
        logs: [log("api-1", "compiling\nlinking\n", 0.5)],
      }),
      target: "api",
    },
    ...runs("web", "[2/2] RUN npm test"),
    {
      ...status({
        vertexes: [vertex("web-1", "[2/2] RUN npm test", { started: at(0), completed: at(1), error: "exit code: 3" })],
        logs: [log("web-1", "boom\n", 0.25)],
      }),
      target: "web",
    },
    target("web", "failed", {
      error: "failed to solve: exit code: 3",
      places: [{ filename: "Dockerfile", text: "FROM base\nRUN npm test\n", first: 2, last: 2 }],
    }),
  ];

  test("keep their order; running ones show their log, failed ones the step, its log and the Dockerfile lines", () => {
    expect(scene(events).lines(24)).toEqual([
      "[+] Baking 2.0s (2/3 targets, 1/3 steps cached)",
      " ✔ db                                                  0.0s",
      " ⠋ api [2/3] RUN make                    1/2 1 cached  2.0s",
      "     0.500 compiling",
      "     0.500 linking",
      " ✖ web [2/2] RUN npm test                         1/1  0.0s",
      "     > [2/2] RUN npm test:",
      "     0.250 boom",
      "     Dockerfile:2",
      "     --------------------",
      "        1 |     FROM base",
      "        2 | >>> RUN npm test",
      "        3 |",
      "     --------------------",
      "     failed to solve: exit code: 3",
    ]);
  });

  test("what is left of the height is shared out, the end of each text first", () => {
    expect(scene(events).lines(7)).toEqual([
      "[+] Baking 2.0s (2/3 targets, 1/3 steps cached)",
      " ✔ db                                                  0.0s",
      " ⠋ api [2/3] RUN make                    1/2 1 cached  2.0s",
      "     0.500 linking",
      " ✖ web [2/2] RUN npm test                         1/1  0.0s",
      "     failed to solve: exit code: 3",
    ]);
  });

  test("at the end failed targets expand whole, and long lines are not cut", () => {
    const final = scene(events).final(8, 40);
    expect(final[0]).toBe("[+] Baking 2.0s (2/3 targets, 1/3 step…");
    expect(final).toContain("   failed to solve: exit code: 3");
    expect(final).toContain("   > [2/2] RUN npm test:");
    expect(final).toContain("      2 | >>> RUN npm test");
  });

  test("the builder stands at the right end where there is room", () => {
    expect(scene([start("a")]).lines(10, 80)[0]).toBe(`[+] Baking 2.0s (0/1 targets, 0/0 steps cached)${" ".repeat(80 - 1 - 47 - 14)}docker:default`);
  });
});

describe("five hundred targets", () => {
  const names = Array.from({ length: 500 }, (_, i) => `target-${i}`);
  const in_ = (state: TargetState, from: number, count: number): BakeEvent[] => names.slice(from, from + count).map((name) => target(name, state));
  const events = [start(...names), ...in_("running", 0, 404), ...in_("succeeded", 0, 400), ...in_("failed", 403, 1)];

  test("fit any height: what failed and what runs is shown, the rest counted", () => {
    for (const height of [10, 24, 50]) {
      const lines = scene(events).lines(height);
      expect(lines.length).toBeLessThan(height);
      expect(lines[1]).toContain("target-403");
      expect(lines.filter((line) => line.includes("running"))).toHaveLength(3);
      expect(lines.at(-1)).toBe(" … 96 waiting, 400 done");
    }
  });

  test("more running ones than lines are counted too", () => {
    const lines = scene([start(...names), ...in_("running", 0, 60)]).lines(10);
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe(" … 53 running, 440 waiting");
  });

  test("at the end only failed ones have a row", () => {
    expect(scene(events).final(24).slice(1)).toEqual([
      " ✖ target-403 failed                                   0.0s",
      expect.stringMatching(/^ … 3 running, 96 waiting, 400 done$/),
    ]);
  });
});

test("no line is as wide as the terminal, whatever the names are", () => {
  const wide = "日本語".repeat(20);
  const lines = scene([start(wide, "x".repeat(200)), ...runs(wide, "長い".repeat(50)), target("x".repeat(200), "failed")]).lines(10, 40);
  for (const line of lines) expect(textWidth(line)).toBeLessThan(40);
});

test("a step with known sizes has a bar, and the row counts the bytes of the engine's statuses", () => {
  const [, row] = scene([start("a"), ...runs("a", "FROM big"), { ...status({ statuses: [sizes("a-1", "sha256:1", 500_000, 1_000_000)] }), target: "a" }]).lines(
    10,
    80,
  );
  expect(row).toBe(` ⠋ a ${"█".repeat(6)}${"░".repeat(6)} FROM big${" ".repeat(34)}0/1  500.00kB  2.0s`);
});

test("slow transfers of the client and its own steps have lines", () => {
  const transfer: BakeEvent = { type: "transfer", target: "a", direction: "send", name: "context", bytes: 12_345_678, files: 1234, done: false, time: at(0) };
  const boot = status({ vertexes: [vertex("boot", "[internal] booting buildkit", { started: at(0) })] });
  const lines = scene([start("a"), boot, transfer]).lines(10, 80);
  expect(lines[1]).toBe(" ⠋ [internal] booting buildkit");
  expect(lines[2]).toMatch(/^ ↑ [█░]{12} a context {2}12\.35MB {2}1234 files {2}6\.17MB\/s$/);
  expect(
    scene([start("a"), transfer, { ...transfer, done: true } as BakeEvent])
      .lines(10)
      .join("\n"),
  ).not.toContain("context");
});

test("a retried target shows its attempt, not the failure before it", () => {
  const lines = scene([
    start("a"),
    ...runs("a", "RUN x"),
    { ...status({ vertexes: [vertex("a-1", "RUN x", { started: at(0), completed: at(1), error: "lost" })] }), target: "a" },
    target("a", "running", { attempt: 2 }),
    { ...status({ vertexes: [vertex("a-2", "RUN x", { started: at(1) })] }), target: "a" },
  ]).lines(10);
  expect(lines[1]).toContain("attempt 2: RUN x");
});

describe("style", () => {
  const events = [start("a", "b"), target("a", "running"), target("a", "failed"), target("b", "running")];

  test("without a UTF-8 locale there is nothing but ASCII", () => {
    const lines = scene(events, { LANG: "C", NO_COLOR: "1" }).lines(10, 30);
    expect(lines.join("")).toMatch(/^[\u0020-\u007e]*$/);
    expect(lines[1]).toMatch(/^ x a failed/);
  });

  test("colours are off with NO_COLOR and TERM=dumb, and BUILDKIT_COLORS chooses them", () => {
    const colored = (env: Record<string, string>): string =>
      scene(events, { LANG: "C.UTF-8", ...env })
        .lines(10)
        .join("");
    expect(colored({ NO_COLOR: "1" })).not.toContain("\u001b");
    expect(colored({ TERM: "dumb" })).not.toContain("\u001b");
    expect(colored({})).toContain("\u001b[31m✖\u001b[0m");
    expect(colored({ BUILDKIT_COLORS: "error=light-magenta:run=20,30,245:warning=nonsense" })).toContain("\u001b[95m✖\u001b[0m");
    expect(styleOf({ BUILDKIT_COLORS: "run=20,30,245" }).codes.run).toBe("38;5;21");
    expect(styleOf({ BUILDKIT_COLORS: "run=20,30,300:=:x" }).codes).toEqual(styleOf({}).codes);
  });
});

test("the summary counts targets, cached steps and bytes, and names what was pushed", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const { summary } = scene([
    start("app", "web", "tool", "bad"),
    {
      ...status({
        vertexes: [
          vertex("1", "[1/2] COPY", { started: at(0), completed: at(0), cached: true }),
          vertex("2", "[2/2] RUN", { started: at(0), completed: at(0) }),
        ],
      }),
      target: "app",
    },
    { type: "transfer", direction: "send", name: "context", bytes: 1500, files: 2, done: true, time: at(0) },
    target("app", "succeeded", { image: { digest, names: ["localhost:5000/app:1"], pushed: true } }),
    target("web", "succeeded", { image: { digest, names: [], pushed: false } }),
    target("tool", "succeeded", { image: { digest, names: ["tool:1", "tool:latest"], pushed: false } }),
    target("bad", "failed"),
  ]);
  expect(summary()).toBe(
    `\n4 targets in 2.0s: 3 succeeded, 1 failed; 1 of 2 steps cached (50%); sent 1.50kB\n app: pushed localhost:5000/app:1@${digest}\n web: ${digest}\n tool: tool:1 tool:latest\n`,
  );
});

test("control characters and escape sequences of a log never reach the terminal", () => {
  expect(plainText("\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007x\ty")).toBe("red x    y");
  expect(plainText("10%\r50%\r100%")).toBe("100%");
  const evil: BakeEvent = {
    ...status({
      vertexes: [vertex("a-1", "RUN \u001b[2J", { started: at(0) })],
      logs: [{ vertex: "a-1", stream: 1, data: bytes("\u001b[H\u001b[2Jgone\n"), timestamp: at(0) }],
    }),
    target: "a",
  };
  const lines = drawWindow({
    model: modelOf([start("a"), target("a", "running"), evil]),
    columns: 60,
    height: 10,
    now: 0,
    startedAt: 0,
    style: plainStyle,
    logLines: 6,
  });
  expect(lines.join("")).not.toContain("\u001b");
});

function modelOf(events: readonly BakeEvent[]): TargetRows {
  const model = new TargetRows(() => 0);
  for (const event of events) model.apply(event);
  return model;
}

test("text is cut by columns", () => {
  expect(fit("abcdef", 4, "…")).toBe("abc…");
  expect(fit("日本語", 5, "…")).toBe("日本…");
  expect(fit("abc", 3, "…")).toBe("abc");
});
