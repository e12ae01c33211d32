import { expect, test } from "vitest";
import { createRenderer, progressMode, progressWord, type ProgressMode } from "../../../src/cli/display.ts";
import type { Host } from "../../../src/host.ts";
import { nodeHost } from "../../../src/node-host.ts";

const host = (env: Record<string, string>, terminal: boolean): Host => ({ ...nodeHost(), env, tty: { stdin: false, stdout: false, stderr: terminal } });

function modeOf(flag: string | undefined, given: Host): ProgressMode | undefined {
  const word = progressWord(flag, given);
  return word && progressMode(word, given);
}

test("the flag chooses, then BUILDKIT_PROGRESS, then the place", () => {
  expect(modeOf("plain", host({ BUILDKIT_PROGRESS: "rawjson", CI: "true", GITHUB_ACTIONS: "true" }, true))).toBe("plain");
  expect(modeOf("none", host({}, true))).toBe("quiet");
  expect(modeOf("auto", host({ BUILDKIT_PROGRESS: "rawjson" }, true))).toBe("rawjson");
  expect(modeOf(undefined, host({ BUILDKIT_PROGRESS: "quiet", CI: "1" }, true))).toBe("quiet");
  expect(modeOf(undefined, host({}, true))).toBe("tty");
  expect(modeOf(undefined, host({}, false))).toBe("plain");
  expect(modeOf(undefined, host({ TERM: "dumb" }, true))).toBe("plain");
  expect(modeOf(undefined, host({ CI: "true" }, true))).toBe("stamped");
  expect(modeOf(undefined, host({ CI: "false" }, true))).toBe("tty");
  expect(modeOf(undefined, host({ CI: "true", GITHUB_ACTIONS: "true" }, false))).toBe("github");
});

test("words that are no mode are refused, from the flag and from the environment", () => {
  expect(modeOf("fancy", host({}, true))).toBeUndefined();
  expect(modeOf("auto", host({ BUILDKIT_PROGRESS: "fancy" }, true))).toBeUndefined();
  for (const internal of ["github", "stamped"]) expect(modeOf(internal, host({}, true))).toBeUndefined();
});

test("a terminal that is asked for must be there", async () => {
  const display = { write: () => undefined, env: {}, now: () => 0 };
  const github = () => ({ sources: { workspace: "/", dockerfileOf: () => undefined }, token: "" });
  await expect(createRenderer("tty", display, github)).rejects.toThrow("failed to get console: provided file is not a console");
});
