import { expect, test } from "vitest";
import { WaitingRenderer } from "../../../../src/runner/progress/waiting.ts";
import { at, Clock, log, start, status, vertex } from "./rig.ts";

/** What the renderer writes at each event, and at the end. */
async function frames(columns: number): Promise<readonly string[]> {
  const clock = new Clock();
  const writes: string[] = [];
  const display = { write: (text: string) => void writes.push(text), env: { NO_COLOR: "1" }, now: clock.now, size: () => ({ columns, rows: 10 }) };
  const renderer = new WaitingRenderer(display);
  const shown: string[] = [];
  const take = (): void => void shown.push(writes.splice(0).join(""));
  for (const event of [
    start(),
    status({ vertexes: [vertex("b", "[internal] booting buildkit", { started: at(0) })] }),
    status({ statuses: [{ id: "pulling image example.test/buildkit:a-long-name", vertex: "b", name: "", current: 0, total: 0 }] }),
    status({ logs: [log("b", "some output\n", 1)] }),
    status({ vertexes: [vertex("b", "[internal] booting buildkit", { started: at(0), completed: at(2) })] }),
  ]) {
    renderer.handle(event);
    take();
  }
  await renderer.finish();
  take();
  return shown;
}

/** The lines of a frame. */
const lines = (frame = ""): readonly string[] =>
  frame
    .split("\u001b")
    .map((part, i) => (i === 0 ? part : part.replace(/^\[[?0-9;]*[a-zA-Z]/, "")))
    .join("")
    .replaceAll("\r", "")
    .split("\n")
    .slice(0, -1);

test("the step that is waited for is shown with its last part and log lines, and nothing of it stays", async () => {
  const [first, step, part, logged, over, end] = await frames(80);
  expect(lines(first)).toEqual([]);
  expect(lines(step)).toEqual([expect.stringMatching(/^ \S \[internal\] booting buildkit 0\.0s$/)]);
  expect(lines(part)[1]).toBe("     pulling image example.test/buildkit:a-long-name");
  expect(lines(logged)[2]).toContain("some output");
  expect(lines(over)).toEqual([]);
  expect(lines(end)).toEqual([]);
  // The cursor is shown again.
  expect(end).toContain("\u001b[?25h");
});

test("lines fit the terminal", async () => {
  for (const frame of await frames(30)) for (const line of lines(frame)) expect(line.length).toBeLessThan(30);
});
