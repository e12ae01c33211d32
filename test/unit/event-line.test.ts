/** Every kind of event as a line, as schema/events.json describes it. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { eventLine } from "../../src/event-line.ts";
import type { BakeEvent } from "../../src/events.ts";

const ajv = new Ajv({ strict: true, allErrors: true });
const validate = ajv.compile(JSON.parse(readFileSync(new URL("../../schema/events.json", import.meta.url), "utf8")) as object);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const events: readonly BakeEvent[] = [
  { type: "start", builder: "b", driver: "docker", targets: ["a"], time: 1n },
  { type: "target", target: "a", state: "waiting", attempt: 2, time: 2n, error: "busy" },
  {
    type: "target",
    target: "a",
    state: "failed",
    attempt: 2,
    time: 2n,
    error: "no",
    places: [{ filename: "Dockerfile", text: "FROM x", first: 1, last: 1 }],
  },
  { type: "target", target: "a", state: "succeeded", attempt: 1, time: 2n, image: { digest: "sha256:1", names: ["a:1"], pushed: true } },
  {
    type: "status",
    target: "a",
    vertexes: [
      {
        digest: "sha256:1",
        inputs: [],
        name: "[1/1] RUN x",
        cached: false,
        started: 1_795_603_608_516_000_001n,
        progressGroup: { id: "g", name: "n", weak: true },
      },
    ],
    statuses: [{ id: "s", vertex: "sha256:1", name: "", current: 1, total: 2, timestamp: 4n }],
    logs: [{ vertex: "sha256:1", stream: 1, data: bytes("hé\n"), timestamp: 5n }],
    warnings: [
      {
        vertex: "sha256:1",
        level: 1,
        short: bytes("short"),
        detail: [bytes("long")],
        url: "",
        source: { filename: "Dockerfile", data: bytes("FROM x"), language: "" },
        ranges: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }],
      },
    ],
  },
  { type: "transfer", direction: "send", name: "context", bytes: 3, files: 1, done: true, time: 6n },
  { type: "message", severity: "warning", text: "careful" },
  { type: "end", succeeded: [], failed: ["a"], cancelled: [], skipped: [], time: 7n },
];

test.each(events.map((event) => [event.type, event] as const))("%s", (_, event) => {
  const line = eventLine(event);
  expect(line.endsWith("}\n") && line.indexOf("\n") === line.length - 1).toBe(true);
  expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
});

test("times keep every digit, and bytes every bit, also as buffers", () => {
  const line = eventLine({
    type: "status",
    logs: [{ vertex: "v", stream: 1, data: Buffer.from([0xff, 0x00, 0x80]), timestamp: 1_795_603_608_516_000_001n }],
  });
  expect(line).toBe('{"type":"status","logs":[{"vertex":"v","stream":1,"data":"/wCA","timestamp":"1795603608516000001"}]}\n');
});
