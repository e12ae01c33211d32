import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { StatusEvent } from "../../../src/events.ts";
import { formatSnippet } from "../../../src/diagnostics.ts";
import type { Plan } from "../../../src/planner/plan.ts";
import { SolveError } from "../../../src/runner/buildkit/errors.ts";
import { SolveFailure, targetFailure } from "../../../src/runner/failure.ts";
import { Redactor } from "../../../src/runner/redact.ts";
import { at, log, status, target, vertex } from "./progress/rig.ts";

const secret = "s3cr3t-canary-value";
/** As much of a plan as a failure looks at. */
const plan = { builder: "b", jobs: [{ id: "app", target: "app" }], twins: [] } as unknown as Plan;
const texts = (event: unknown): string => ((event as StatusEvent).logs ?? []).map(({ data }) => Buffer.from(data).toString()).join("");

/** What JSON makes of a Buffer before a replacer sees it. */
const isBytes = (value: unknown): value is { readonly data: readonly number[] } => (value as { type?: unknown } | null)?.type === "Buffer";

describe("redaction", () => {
  test("a secret in names, errors, Dockerfile lines and warnings becomes three stars", () => {
    const redactor = new Redactor([secret]);
    const event = redactor.event({
      ...status({
        vertexes: [vertex("a", `RUN echo ${secret}`, { error: `exit of ${secret}` })],
        warnings: [
          {
            vertex: "a",
            level: 1,
            short: Buffer.from(secret),
            detail: [],
            url: "",
            ranges: [],
            source: { filename: "Dockerfile", data: Buffer.from(`RUN ${secret}`), language: "" },
          },
        ],
      }),
      target: "app",
    });
    const failed = redactor.event(
      target("app", "failed", { error: `x ${secret}`, places: [{ filename: "Dockerfile", text: `RUN ${secret}`, first: 1, last: 1 }] }),
    );
    const seen = JSON.stringify([event, failed], (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : isBytes(value) ? Buffer.from(value.data).toString() : value,
    );
    expect(seen).not.toContain("canary");
    expect(seen.match(/\*\*\*/g)).toHaveLength(6);
  });

  test("a secret that is split over chunks of a log is found, at every place of the split", () => {
    for (let split = 0; split <= secret.length; split++) {
      const redactor = new Redactor([secret]);
      const first = redactor.event(status({ logs: [log("a", `key: ${secret.slice(0, split)}`, 0)] }));
      const second = redactor.event(status({ logs: [log("a", `${secret.slice(split)} end\n`, 1)] }));
      expect(texts(first) + texts(second)).toBe("key: *** end\n");
    }
  });

  test("what only looked like the beginning of a secret is shown when the step ends", () => {
    const redactor = new Redactor([secret]);
    expect(texts(redactor.event(status({ logs: [log("a", "it is s3cr", 0)] })))).toBe("it is ");
    const done = redactor.event(status({ vertexes: [vertex("a", "RUN", { started: at(0), completed: at(1) })] }));
    expect(texts(done)).toBe("s3cr");
  });

  test("passwords in URLs are hidden without being known", () => {
    const redactor = new Redactor([]);
    expect(redactor.text("load https://user:hunter2@example.org/x.git#main and git@example.org:a/b")).toBe(
      "load https://user:***@example.org/x.git#main and git@example.org:a/b",
    );
  });

  test("an error loses secrets in its message, its Dockerfile lines and its causes", () => {
    const data = Buffer.from(`FROM a # ${secret}\nRUN echo ${secret} && false\n`);
    const source = { filename: "Dockerfile", language: "", data, ranges: [{ start: 2, end: 2 }] };
    const cause = new SolveError(2, `process "echo ${secret}" failed`, { details: { sources: [source], denials: [`no ${secret}`], vertex: "sha256:1" } });
    const error = new Redactor([secret]).error(targetFailure(cause, "app", plan)) as SolveFailure;
    expect(error).toBeInstanceOf(SolveFailure);
    expect(error.message).toBe('failed to solve: process "echo ***" failed');
    expect([error.vertex, error.target, error.denials, error.cause]).toEqual(["sha256:1", "app", ["no ***"], undefined]);
    expect(error.places).toEqual([{ filename: "Dockerfile", text: "FROM a # ***\nRUN echo *** && false\n", first: 2, last: 2 }]);
    const range = error.diagnostics[0]?.range;
    expect(range && formatSnippet(range)).toContain(">>> RUN echo *** && false");
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("canary");
  });

  test("an error without a secret stays the same, cause and all", () => {
    const error = targetFailure(new SolveError(2, "it failed"), "app", plan);
    expect(new Redactor([secret]).error(error)).toBe(error);
  });
});
