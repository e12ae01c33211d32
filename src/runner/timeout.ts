/** What ends work that takes too long. */
import { BakeError } from "../diagnostics.ts";

/** What timers can count to; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

/** Calls back when the time, however long, is over. */
export const startTimer = (milliseconds: number, callback: () => void): NodeJS.Timeout => setTimeout(callback, Math.min(Math.max(0, milliseconds), longest));

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10}s`;

export const bakeTimedOut = (milliseconds: number): BakeError => new BakeError("run.timeout", `the bake timed out after ${seconds(milliseconds)}`);

export const targetTimedOut = (milliseconds: number): BakeError => new BakeError("run.timeout", `timed out after ${seconds(milliseconds)}`);

/** Cancelled by whoever asked for the work; a reason that is an error for people is that error. */
export const cancelled = (reason?: unknown): BakeError =>
  reason instanceof BakeError ? reason : new BakeError("run.cancelled", "context canceled", { exitCode: 130, cause: reason });
