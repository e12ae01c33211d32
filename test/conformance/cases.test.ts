/**
 * What definitions resolve to, one folder of cases/ a case: `case.json` says what to run in a copy of `in/`, `expected.json` what
 * the reference answered. Cases in differences.json (with the reason) are answered differently on purpose.
 *
 *   TSBAKE_RECORD=1 npx vitest run test/conformance      records cases that have no answer yet; `all` records every case
 */
import { existsSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Run, start, TSBAKE, temporaryFolder } from "../cli/rig.ts";
import { findReference } from "../fuzz/reference.ts";

interface Case {
  readonly title: string;
  /** Arguments after `bake --print`, or after `bake` where they say what to print. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

interface Answer {
  readonly reference: string;
  readonly exit: number;
  /** Standard output, parsed where it is JSON. */
  readonly json?: unknown;
  readonly stdout?: string;
  /** The last line of standard error, without the count of further mistakes. */
  readonly error?: string;
}

const CASES = join(import.meta.dirname, "cases");
const reference = findReference();
const recording = process.env["TSBAKE_RECORD"];
const differences = JSON.parse(readFileSync(join(import.meta.dirname, "differences.json"), "utf8")) as Readonly<Record<string, string>>;

const readCase = (name: string): Case => JSON.parse(readFileSync(join(CASES, name, "case.json"), "utf8")) as Case;

async function run(name: string, command: readonly [string, ...string[]]): Promise<{ readonly answer: Omit<Answer, "reference">; readonly run: Run }> {
  const { args, env, stdin } = readCase(name);
  const cwd = join(temporaryFolder(), "in");
  if (existsSync(join(CASES, name, "in"))) cpSync(join(CASES, name, "in"), cwd, { recursive: true });
  else mkdirSync(cwd);
  const print = args.some((arg) => arg.startsWith("--list")) ? [] : ["--print"];
  const ended = await start([...command, "bake", ...print, ...args], { cwd, ...(env && { env }), ...(stdin !== undefined && { stdin }) }).done;
  return { answer: answerOf(ended, cwd), run: ended };
}

function answerOf({ exit = -1, stdout, stderr }: Run, cwd: string): Omit<Answer, "reference"> {
  const plain = (text: string): string => text.replaceAll(cwd, "@@CWD@@");
  if (exit !== 0) {
    const last = stderr.trimEnd().split("\n").at(-1) ?? "";
    return { exit, error: plain(last).replace(/, and \d+ other diagnostic\(s\)$/, "") };
  }
  return stdout.startsWith("{") || stdout.startsWith("[") ? { exit, json: JSON.parse(plain(stdout)) } : { exit, stdout: plain(stdout) };
}

describe.runIf(recording)("recording", () => {
  const wanted = readdirSync(CASES).filter((name) => recording === "all" || !existsSync(join(CASES, name, "expected.json")));
  test.each(wanted)("%s", async (name) => {
    if (!reference) throw new Error("the reference is not installed");
    const answers = [];
    // What the reference answers at random is no expectation.
    for (let repeat = 0; repeat < 4; repeat++) answers.push((await run(name, [reference.path])).answer);
    for (const other of answers) expect(other).toEqual(answers[0]);
    const answer = { reference: reference.version, ...answers[0] };
    writeFileSync(join(CASES, name, "expected.json"), `${JSON.stringify(answer, undefined, 2)}\n`);
  });
});

describe.skipIf(recording)("definitions resolve as the reference resolves them", () => {
  const cases = readdirSync(CASES).map((name) => ({ name, title: readCase(name).title }));
  test.each(cases)("$name: $title", async ({ name }) => {
    const { reference: _, ...want } = JSON.parse(readFileSync(join(CASES, name, "expected.json"), "utf8")) as Answer;
    const { answer, run: ended } = await run(name, [process.execPath, TSBAKE]);
    const reason = differences[name];
    if (reason === undefined) expect(answer, ended.story).toEqual(want);
    else expect(answer, `answers as the reference, so it must leave differences.json: ${reason}`).not.toEqual(want);
  });

  test("every difference names a case", () => {
    expect(Object.keys(differences).filter((name) => !existsSync(join(CASES, name)))).toEqual([]);
  });
});
