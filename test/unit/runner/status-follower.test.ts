/** What a status stream may do without deciding about its build (spec/buildkit.md 10.4, rule 4). */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { StatusEvent } from "../../../src/events.ts";
import { EventQueue } from "../../../src/runner/event-queue.ts";
import { StatusFollower } from "../../../src/runner/status-follower.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream that the test writes; it ends when it is told to, or aborted. */
function follow(): { follower: StatusFollower; queue: EventQueue<StatusEvent>; seen: StatusEvent[]; aborted: () => boolean } {
  const queue = new EventQueue<StatusEvent>();
  const seen: StatusEvent[] = [];
  let aborted = false;
  const follower = new StatusFollower(
    (signal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        queue.end();
      });
      return queue;
    },
    (event) => seen.push(event),
  );
  return { follower, queue, seen, aborted: () => aborted };
}

/** Whether a promise has settled once the time has passed. */
async function settledAfter(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await vi.advanceTimersByTimeAsync(milliseconds);
  return settled;
}

const message: StatusEvent = { type: "status" };

describe("after the solve", () => {
  test("the rest of the stream is read to its end", async () => {
    const { follower, queue, seen, aborted } = follow();
    queue.push(message);
    const drained = follower.drain({ cancelled: false });
    queue.push(message);
    queue.end();
    expect(await settledAfter(drained, 0)).toBe(true);
    expect([seen.length, aborted()]).toEqual([2, false]);
  });

  test("a stream that says nothing for five seconds is left, and each message gives it five more", async () => {
    const { follower, queue, seen, aborted } = follow();
    const drained = follower.drain({ cancelled: false });
    for (let i = 0; i < 3; i++) {
      expect(await settledAfter(drained, 4000)).toBe(false);
      queue.push(message);
    }
    expect(await settledAfter(drained, 10_000)).toBe(true);
    expect([seen.length, aborted()]).toEqual([3, true]);
  });

  test("a stream that fails is over, and nobody is told", async () => {
    const follower = new StatusFollower(
      async function* () {
        yield message;
        await Promise.reject(new Error("the status is broken"));
      },
      () => undefined,
    );
    expect(await settledAfter(follower.drain({ cancelled: false }), 0)).toBe(true);
  });
});

describe("after a cancel", () => {
  test("an engine that knows the build says when it has stopped", async () => {
    const { follower, queue, aborted } = follow();
    queue.push(message);
    await vi.advanceTimersByTimeAsync(0);
    const drained = follower.drain({ cancelled: true });
    expect(await settledAfter(drained, 4000)).toBe(false);
    queue.end();
    expect(await settledAfter(drained, 0)).toBe(true);
    expect(aborted()).toBe(false);
  });

  test("one that has said nothing is not waited for", async () => {
    const { follower, aborted } = follow();
    expect(await settledAfter(follower.drain({ cancelled: true }), 1000)).toBe(true);
    expect(aborted()).toBe(true);
  });
});
