import { expect, test } from "vitest";
import { formatStatus, formatTime } from "../../../../src/runner/progress/rawjson.ts";

test("times are RFC 3339 with as many fraction digits as they need", () => {
  expect(formatTime(1_700_000_000_000_000_000n)).toBe("2023-11-14T22:13:20Z");
  expect(formatTime(1_700_000_000_120_000_001n)).toBe("2023-11-14T22:13:20.120000001Z");
  expect(formatTime(1_700_000_000_500_000_000n)).toBe("2023-11-14T22:13:20.5Z");
});

test("a status message is one line with empty members left out and HTML characters escaped", () => {
  const line = formatStatus({
    type: "status",
    vertexes: [{ digest: "sha256:1", inputs: [], name: "RUN a <b> && c", cached: false, started: 1_700_000_000_000_000_000n }],
    statuses: [{ id: "x", vertex: "sha256:1", name: "", current: 0, total: 0 }],
    logs: [{ vertex: "sha256:1", stream: 1, data: Buffer.from("hi\n"), timestamp: 1_700_000_000_000_000_000n }],
    warnings: [],
  });
  expect(line).toBe(
    '{"vertexes":[{"digest":"sha256:1","name":"RUN a \\u003cb\\u003e \\u0026\\u0026 c","started":"2023-11-14T22:13:20Z"}],' +
      '"statuses":[{"id":"x","vertex":"sha256:1","current":0,"timestamp":"0001-01-01T00:00:00Z"}],' +
      '"logs":[{"vertex":"sha256:1","stream":1,"data":"aGkK","timestamp":"2023-11-14T22:13:20Z"}]}',
  );
});

test("a warning tells its source and where in it, zeros left out", () => {
  const line = formatStatus({
    type: "status",
    warnings: [
      {
        vertex: "sha256:1",
        level: 1,
        short: Buffer.from("A: b"),
        detail: [Buffer.from("why")],
        url: "https://example.org/a",
        source: { filename: "Dockerfile", data: Buffer.from("FROM x"), language: "Dockerfile" },
        ranges: [{ start: { line: 5, character: 0 }, end: { line: 5, character: 3 } }],
      },
    ],
  });
  expect(line).toBe(
    '{"warnings":[{"vertex":"sha256:1","level":1,"short":"QTogYg==","detail":["d2h5"],"url":"https://example.org/a",' +
      '"sourceInfo":{"filename":"Dockerfile","data":"RlJPTSB4","language":"Dockerfile"},"range":[{"start":{"line":5},"end":{"line":5,"character":3}}]}]}',
  );
});
