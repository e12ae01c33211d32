/** Flags and variables that say how a run goes about failures, time and concurrency. */
import { describe, expect, test } from "vitest";
import { readExecution } from "../../../src/cli/execution.ts";
import { parseArguments } from "../../../src/cli/options.ts";
import type { Host } from "../../../src/host.ts";

function read(args: readonly string[], env: Readonly<Record<string, string>> = {}): unknown {
  const parsed = parseArguments(args);
  if (!parsed.ok) return parsed.message;
  const result = readExecution(parsed.options, { env } as unknown as Host);
  return result.ok ? result.value : result.diagnostics[0]?.summary;
}

describe("execution", () => {
  test("nothing asked is nothing said", () => {
    expect(read([])).toEqual({});
  });

  test.each<[readonly string[], unknown]>([
    [["--execution=defer-output"], { execution: "defer-output" }],
    [["-k"], { execution: "defer-error" }],
    [["--keep-going", "--execution", "defer-error"], { execution: "defer-error" }],
    [["--keep-going=false"], {}],
    [["--max-parallelism", "4"], { maxParallelism: 4 }],
    [["--retries=3"], { retries: 3 }],
    [["--retries=0"], { retries: 0 }],
    [["--timeout=90"], { timeoutMs: 90_000 }],
    [["--timeout=1h30m", "--target-timeout=1.5s"], { timeoutMs: 5_400_000, targetTimeoutMs: 1500 }],
    [["--target-timeout=250ms"], { targetTimeoutMs: 250 }],
    [["--timeout=10000h"], { timeoutMs: 2 ** 31 - 1 }],
  ])("%j", (args, expected) => {
    expect(read(args)).toEqual(expected);
  });

  test.each<[readonly string[], string]>([
    [["--execution=later"], 'invalid execution mode "later": expected fail-fast, defer-error, defer-output'],
    [["-k", "--execution=defer-output"], "--keep-going means --execution=defer-error, which --execution=defer-output contradicts"],
    [["--max-parallelism=0"], 'invalid value "0" for --max-parallelism: expected a number of at least 1'],
    [["--max-parallelism=many"], 'invalid value "many" for --max-parallelism: expected a number of at least 1'],
    [["--retries=-1"], 'invalid value "-1" for --retries: expected a number'],
    [["--timeout=0s"], 'invalid value "0s" for --timeout: expected a duration such as 90s, 10m or 1h30m'],
    [["--target-timeout=soon"], 'invalid value "soon" for --target-timeout: expected a duration such as 90s, 10m or 1h30m'],
  ])("%j is refused", (args, message) => {
    expect(read(args)).toBe(message);
  });

  test("the flag is above the environment", () => {
    expect(read([], { TSBAKE_MAX_PARALLELISM: "2" })).toEqual({ maxParallelism: 2 });
    expect(read(["--max-parallelism=8"], { TSBAKE_MAX_PARALLELISM: "2" })).toEqual({ maxParallelism: 8 });
    expect(read([], { TSBAKE_MAX_PARALLELISM: "" })).toEqual({});
    expect(read([], { TSBAKE_MAX_PARALLELISM: "x" })).toBe('invalid value "x" for TSBAKE_MAX_PARALLELISM: expected a number of at least 1');
  });
});

test("--plan takes a value only after an equals sign", () => {
  const options = (args: readonly string[]): unknown => {
    const parsed = parseArguments(args);
    return parsed.ok ? [parsed.options.plan, parsed.positionals] : parsed.message;
  };
  expect(options(["--plan", "api"])).toEqual(["", ["api"]]);
  expect(options(["--plan=json", "api"])).toEqual(["json", ["api"]]);
  expect(options(["api"])).toEqual([undefined, ["api"]]);
});
