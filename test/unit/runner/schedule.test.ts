import { describe, expect, test } from "vitest";
import { EventQueue } from "../../../src/runner/event-queue.ts";
import { Barrier, Gate, Milestone } from "../../../src/runner/schedule.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("gate", () => {
  test("admits up to its limit, then by priority, then first come first served", async () => {
    const gate = new Gate(1);
    const order: string[] = [];
    const enter = async (name: string, priority: number): Promise<() => void> => {
      const release = await gate.enter({ priority });
      order.push(name);
      return release;
    };
    const first = await enter("first", 0);
    const waiting = [enter("low", 0), enter("high", 5), enter("high too", 5)];
    await settled();
    expect(order).toEqual(["first"]);
    first();
    first();
    (await (waiting[1] as Promise<() => void>))();
    (await (waiting[2] as Promise<() => void>))();
    await waiting[0];
    expect(order).toEqual(["first", "high", "high too", "low"]);
  });

  test("work heavier than the gate is admitted alone", async () => {
    const gate = new Gate(4);
    const heavy = await gate.enter({ weight: 10 });
    let light = false;
    const waiting = gate.enter().then(() => (light = true));
    await settled();
    expect(light).toBe(false);
    heavy();
    await waiting;
    expect(light).toBe(true);
  });

  test("who gives up leaves the queue and lets others pass", async () => {
    const gate = new Gate(2);
    const release = await gate.enter();
    const abort = new AbortController();
    const heavy = gate.enter({ weight: 2, priority: 1, signal: abort.signal });
    const light = gate.enter();
    abort.abort(new Error("stop"));
    await expect(heavy).rejects.toThrow("stop");
    await light;
    release();
  });
});

test("a barrier opens once everyone has arrived, however often each does", async () => {
  const barrier = new Barrier(["a", "b"]);
  const passed: string[] = [];
  const pass = (name: string): Promise<number> => barrier.pass(name).then(() => passed.push(name));
  const first = pass("a");
  const again = pass("a");
  await settled();
  expect(passed).toEqual([]);
  await Promise.all([first, again, pass("b")]);
  expect(passed).toHaveLength(3);
});

test("a missed milestone releases its waiters with the failure", async () => {
  const milestone = new Milestone();
  milestone.miss(new Error("parent failed"));
  await expect(milestone.promise).rejects.toThrow("parent failed");
});

test("an event queue gives every event in order and ends", async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  setImmediate(() => {
    queue.push(2);
    queue.push(3);
    queue.end();
    queue.push(4);
  });
  const seen: number[] = [];
  for await (const item of queue) seen.push(item);
  expect(seen).toEqual([1, 2, 3]);
});

test("an event queue that nobody reads holds the latest events only, one that is read loses none", async () => {
  const all = async (queue: EventQueue<number>): Promise<readonly number[]> => {
    const seen: number[] = [];
    for await (const item of queue) seen.push(item);
    return seen;
  };
  const unread = new EventQueue<number>();
  for (let i = 0; i < 25_000; i++) unread.push(i);
  unread.end();
  const kept = await all(unread);
  expect(kept.length).toBeLessThanOrEqual(10_000);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 25_000 - kept.length + i));
  const read = new EventQueue<number>();
  const reading = all(read);
  for (let i = 0; i < 25_000; i++) read.push(i);
  read.end();
  expect(await reading).toHaveLength(25_000);
});
