import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTimer } from "../../../src/runner/timeout.ts";
import { WorkClock } from "../../../src/runner/work-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("work counts, over all attempts, and waiting does not", () => {
  const late = vi.fn();
  const clock = new WorkClock(1000, late);
  clock.start();
  vi.advanceTimersByTime(600);
  clock.stop();
  vi.advanceTimersByTime(5000);
  clock.start();
  vi.advanceTimersByTime(399);
  expect([late.mock.calls.length, clock.spent]).toEqual([0, 999]);
  vi.advanceTimersByTime(1);
  expect(late).toHaveBeenCalledTimes(1);
});

test("a limit of months does not fire at once", () => {
  const late = vi.fn();
  const timer = startTimer(90 * 24 * 3_600_000, late);
  vi.advanceTimersByTime(3_600_000);
  expect(late).not.toHaveBeenCalled();
  clearTimeout(timer);
});
