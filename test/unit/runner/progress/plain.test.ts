import { describe, expect, test } from "vitest";
import type { BakeEvent } from "../../../../src/events.ts";
import { PlainRenderer } from "../../../../src/runner/progress/plain.ts";
import { at, bytes, Clock, start, status, vertex, zero } from "./rig.ts";

async function draw(events: readonly BakeEvent[], env: Record<string, string> = {}): Promise<string> {
  let text = "";
  let now = Number(zero / 1_000_000n);
  const renderer = new PlainRenderer({ write: (part) => (text += part), env, now: () => (now += 200) });
  for (const event of events) renderer.handle(event);
  await renderer.finish();
  return text;
}

describe("plain progress", () => {
  test("a step's block: header, log lines with the time since its start, end line", async () => {
    const text = await draw([
      start("app"),
      status({ vertexes: [vertex("sha256:1", "[1/2] RUN make", { started: at(0) })] }),
      status({ logs: [{ vertex: "sha256:1", stream: 1, data: bytes("hello\nwor"), timestamp: at(0.1274) }] }),
      status({ logs: [{ vertex: "sha256:1", stream: 1, data: bytes("ld\n"), timestamp: at(12.5) }] }),
      status({ logs: [{ vertex: "sha256:1", stream: 1, data: bytes("late\n"), timestamp: at(123) }] }),
      status({ vertexes: [vertex("sha256:1", "[1/2] RUN make", { started: at(0), completed: at(123.04) })] }),
    ]);
    expect(text).toBe(
      '#0 building with "default" instance using docker driver\n\n#1 [1/2] RUN make\n#1 0.127 hello\n#1 0.127 world\n#1 123.0 late\n#1 DONE 123.0s\n',
    );
  });

  test("cached, failed and cancelled steps end in their word; failed ones repeat their log", async () => {
    const text = await draw([
      status({ vertexes: [vertex("a", "A", { started: at(0), completed: at(0), cached: true })] }),
      status({ vertexes: [vertex("b", "B", { started: at(0) })], logs: [{ vertex: "b", stream: 2, data: bytes("boom\n"), timestamp: at(0.5) }] }),
      status({ vertexes: [vertex("b", "B", { started: at(0), completed: at(1), error: "exit code: 3" })] }),
      status({ vertexes: [vertex("c", "C", { started: at(0), completed: at(1), error: "rpc error: context canceled" })] }),
    ]);
    expect(text).toBe("#1 A\n#1 CACHED\n\n#2 B\n#2 0.500 boom\n#2 ERROR: exit code: 3\n\n#3 C\n#3 CANCELED\n------\n > B:\n0.500 boom\n------\n");
  });

  test("statuses show sizes, times and done; steps under five percent are left out", async () => {
    const at1 = { id: "sha256:aa", vertex: "v", name: "", started: at(0) };
    const text = await draw([
      status({ vertexes: [vertex("v", "load", { started: at(0) })] }),
      status({ statuses: [{ ...at1, current: 93, total: 1_980_000, timestamp: at(0.001) }] }),
      status({ statuses: [{ ...at1, current: 5_000, total: 1_980_000, timestamp: at(0.2) }] }),
      status({ statuses: [{ ...at1, current: 1_980_000, total: 1_980_000, timestamp: at(0.4), completed: at(0.4) }] }),
      status({ vertexes: [vertex("v", "load", { started: at(0), completed: at(0.5) })] }),
    ]);
    expect(text).toBe("#1 load\n#1 sha256:aa 93B / 1.98MB\n#1 sha256:aa 1.98MB / 1.98MB 0.4s done\n#1 DONE 0.5s\n");
  });

  test("names carry their target only when there are several", async () => {
    const event = {
      ...status({
        vertexes: [vertex("a", "[1/3] COPY", { started: at(0), completed: at(1) }), vertex("b", "exporting", { started: at(1), completed: at(2) })],
      }),
      target: "app",
    };
    expect(await draw([start("app", "web"), event])).toContain("#1 [app 1/3] COPY\n#1 DONE 1.0s\n\n#2 [app] exporting\n");
    expect(await draw([start("app"), event])).toContain("#1 [1/3] COPY\n");
  });

  test("a step that two targets share logs once", async () => {
    const log = { vertex: "a", stream: 1, data: bytes("once\n"), timestamp: at(0) };
    const text = await draw([
      start("x", "y"),
      { ...status({ vertexes: [vertex("a", "RUN", { started: at(0) })], logs: [log] }), target: "x" },
      { ...status({ vertexes: [vertex("a", "RUN", { started: at(0), completed: at(1) })], logs: [log] }), target: "y" },
    ]);
    expect(text.match(/once/g)).toHaveLength(1);
  });

  test("members of a progress group are one step, hidden while only weak ones run", async () => {
    const group = (weak: boolean) => ({ progressGroup: { id: "g", name: "copy", weak } });
    const hidden = await draw([status({ vertexes: [vertex("a", "A", { ...group(true), started: at(0), completed: at(1) })] })]);
    expect(hidden).toBe("");
    const shown = await draw([
      status({
        vertexes: [
          vertex("a", "A", { ...group(false), started: at(0), completed: at(1) }),
          vertex("b", "B", { ...group(false), started: at(1), completed: at(3) }),
        ],
      }),
    ]);
    expect(shown).toBe("#1 copy\n#1 DONE 3.0s\n");
  });

  test("names are cut at 72 bytes only when PROGRESS_NO_TRUNC is 0", async () => {
    const events = [status({ vertexes: [vertex("a", "x".repeat(80), { started: at(0), completed: at(0) })] })];
    expect(await draw(events, { PROGRESS_NO_TRUNC: "0" })).toContain(`#1 ${"x".repeat(72)}...\n`);
    expect(await draw(events)).toContain(`#1 ${"x".repeat(80)}\n`);
  });
});

describe("steps that run at once", () => {
  /** Two steps that log every 0.2 and every second, for half a minute; gives how long each block was shown. */
  async function blocks(): Promise<readonly (readonly [number: string, seconds: number])[]> {
    const clock = new Clock();
    const switches: [string, number][] = [];
    const write = (text: string): void => {
      for (const [, number] of text.matchAll(/^(#\d+) \[/gm)) switches.push([number as string, (clock.now() - Number(zero / 1_000_000n)) / 1000]);
    };
    const renderer = new PlainRenderer({ write, env: {}, now: clock.now });
    renderer.handle(status({ vertexes: [vertex("a", "[a] RUN", { started: at(0) }), vertex("b", "[b] RUN", { started: at(0) })] }));
    for (let tick = 1; tick <= 150; tick++) {
      clock.set(tick / 5);
      const speaking = tick % 5 === 0 ? ["a", "b"] : ["a"];
      renderer.handle(status({ logs: speaking.map((digest) => ({ vertex: digest, stream: 1, data: bytes(`${tick}\n`), timestamp: at(tick / 5) })) }));
    }
    clock.set(30);
    await renderer.finish();
    return switches.map(([number, from], i) => [number, (switches[i + 1]?.[1] ?? 30) - from] as const);
  }

  test("take turns: none waits much longer than ten seconds, none is shown for less than five", async () => {
    const shown = await blocks();
    expect(new Set(shown.map(([number]) => number))).toEqual(new Set(["#1", "#2"]));
    for (const [, seconds] of shown.slice(0, -1)) {
      expect(seconds).toBeGreaterThanOrEqual(5);
      expect(seconds).toBeLessThan(12);
    }
  });
});
