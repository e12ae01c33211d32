import { describe, expect, test } from "vitest";
import type { TargetState } from "../../../../src/events.ts";
import { TargetRow } from "../../../../src/runner/progress/rows.ts";
import { fit, plainText, textWidth } from "../../../../src/runner/progress/text.ts";
import { drawWindow } from "../../../../src/runner/progress/window.ts";

function row(target: string, state: TargetState, step?: string): TargetRow {
  const made = new TargetRow(target);
  made.state = state;
  made.startedAt = 0;
  if (state === "succeeded" || state === "failed") made.endedAt = 1500;
  if (step !== undefined) made.running.set("d", step);
  return made;
}

const style = { color: false, unicode: true };
const window = (rows: readonly TargetRow[], height: number, columns = 60) =>
  drawWindow({ rows, columns, height, now: 2000, startedAt: 0, style, logLines: 6, finished: false });

describe("the window", () => {
  test("a few targets: failed first, then running with their log lines, then the others", () => {
    const api = row("api", "running", "[2/3] RUN make");
    api.logs.push("compiling", "linking");
    const lines = window([row("db", "succeeded"), api, row("web", "failed")], 10);
    expect(lines.map((line) => line.trimEnd())).toEqual([
      "[+] Baking 2.0s (2/3 targets, 0/0 steps cached)",
      ` ✖ web failed${" ".repeat(42)}1.5s`,
      ` ⠋ api [2/3] RUN make${" ".repeat(34)}2.0s`,
      "     compiling",
      "     linking",
      ` ✔ db ${" ".repeat(49)}1.5s`,
    ]);
  });

  test("five hundred targets fit any height: what runs and what failed is shown, the rest counted", () => {
    const rows = [
      ...Array.from({ length: 400 }, (_, i) => row(`done-${i}`, "succeeded")),
      row("bad", "failed"),
      ...Array.from({ length: 3 }, (_, i) => row(`run-${i}`, "running", "step")),
      ...Array.from({ length: 96 }, (_, i) => row(`later-${i}`, "waiting")),
    ];
    const lines = window(rows, 10);
    expect(lines.length).toBeLessThan(10);
    expect(lines[1]).toContain("bad");
    expect(lines.filter((line) => line.includes("run-"))).toHaveLength(3);
    expect(lines.at(-1)).toBe(" … 93 waiting, 400 done");
  });

  test("no line is as wide as the terminal, whatever the names are", () => {
    const wide = row("日本語".repeat(20), "running", "長い".repeat(50));
    for (const line of window([wide, row("x".repeat(200), "failed")], 10, 40)) expect(textWidth(line)).toBeLessThan(40);
  });
});

test("control characters and escape sequences of a log never reach the terminal", () => {
  expect(plainText("\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007x\ty")).toBe("red x    y");
  expect(plainText("10%\r50%\r100%")).toBe("100%");
});

test("text is cut by columns", () => {
  expect(fit("abcdef", 4, "…")).toBe("abc…");
  expect(fit("日本語", 5, "…")).toBe("日本…");
  expect(fit("abc", 3, "…")).toBe("abc");
});
