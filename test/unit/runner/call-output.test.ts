import { expect, test } from "vitest";
import type { Target } from "../../../src/bake/model.ts";
import type { Job, PlannedCall } from "../../../src/planner/plan.ts";
import { callOutput, type CallOutput } from "../../../src/runner/call-output.ts";

type Answers = Readonly<
  Record<
    string,
    { readonly call: string; readonly response: Readonly<Record<string, string>>; readonly target?: Partial<Target>; readonly ignoreStatus?: boolean }
  >
>;

function output(answers: Answers, json = false): CallOutput {
  const entries = Object.entries(answers);
  const jobs = entries.map(([target, { call, ignoreStatus = false }]) => ({ target, call: { name: call, ignoreStatus } satisfies PlannedCall }) as Job);
  const targets = new Map(entries.map(([name, { target = {} }]) => [name, { target: { context: ".", dockerfile: "Dockerfile", ...target } }]));
  return callOutput({
    plan: { jobs },
    responses: new Map(entries.map(([name, { response }]) => [name, response])),
    resolved: { targets, groups: new Map([["default", { name: "default", targets: Object.keys(answers) }]]) } as never,
    json,
  });
}

const source = Buffer.from("FROM scratch as base\nCOPYY a b\n").toString("base64");
const at = (line: number): object => ({ ranges: [{ start: { line }, end: { line } }] });
const warning = { ruleName: "FromAsCasing", url: "https://example.com/rule", detail: "casing differs", location: at(1) };

test("warnings and the error that ended the check are shown under the name people gave the file", () => {
  const lint = {
    warnings: [warning],
    sources: [{ filename: "Dockerfile", data: source }],
    buildError: { message: "unknown instruction: COPYY", location: at(2) },
  };
  const answer = output({
    app: { call: "lint", target: { context: "sub", description: "the app" }, response: { "result.json": JSON.stringify(lint), "result.statuscode": "1" } },
  });
  expect(answer).toEqual({
    exitCode: 1,
    text: `app
the app

Check complete, 1 warning has been found!

WARNING: FromAsCasing - https://example.com/rule
casing differs
sub/Dockerfile:1
--------------------
   1 | >>> FROM scratch as base
   2 |     COPYY a b
   3 |     
--------------------

error: unknown instruction: COPYY
sub/Dockerfile:2
--------------------
   1 |     FROM scratch as base
   2 | >>> COPYY a b
   3 |     
--------------------

`,
  });
});

test("[bake 105] targets come in the order of their names, and the first status that is not zero counts unless it is ignored", () => {
  const response = { "result.json": "{}", "result.statuscode": "1" };
  expect(output({ b: { call: "lint", response }, a: { call: "lint", response: { "result.json": "{}" } } })).toEqual({
    exitCode: 1,
    text: "a\n\nCheck complete, no warnings found.\n\nb\n\nCheck complete, no warnings found.\n",
  });
  expect(output({ b: { call: "lint", response, ignoreStatus: true } }).exitCode).toBe(0);
});

test("an outline has a table for each kind that is there", () => {
  const outline = {
    name: "app",
    description: "what it is",
    args: [{ name: "NAME", value: "v", description: "a name" }, { name: "X" }],
    secrets: [{ name: "s", required: true }],
    ssh: [{ name: "default" }],
  };
  expect(output({ t: { call: "outline", response: { "result.json": JSON.stringify(outline) } } }).text).toBe(
    "t\n\nTARGET:      app\nDESCRIPTION: what it is\n\nBUILD ARG   VALUE   DESCRIPTION\nNAME        v       a name\nX                   \n\nSECRET   REQUIRED\ns        true\n\nSSH       REQUIRED\ndefault   \n\n",
  );
});

test("stages are listed, the default one marked", () => {
  const list = { targets: [{ name: "base", description: "first" }, { default: true }] };
  expect(output({ t: { call: "targets", response: { "result.json": JSON.stringify(list) } } }).text).toBe(
    "t\n\nTARGET    DESCRIPTION\nbase      first\n(default) \n",
  );
});

test("an answer of a newer form is shown as the frontend wrote it", () => {
  const response = { "result.json": "{}", "result.txt": "as written\n", version: "1.1.0" };
  expect(output({ t: { call: "outline", response } }).text).toBe("t\n\nas written\n");
});

test("one JSON document holds all targets; a check is called check", () => {
  const response = { "result.json": JSON.stringify({ warnings: null, sources: [] }) };
  expect(JSON.parse(output({ t: { call: "lint", response, target: { call: "lint" } } }, true).text)).toEqual({
    group: { default: { targets: ["t"] } },
    target: { t: { build: { context: ".", dockerfile: "Dockerfile", call: "lint" }, check: { sources: [], warnings: null } } },
  });
});
