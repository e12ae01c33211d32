/** Which failures are tried again. */
import { expect, test } from "vitest";
import { SolveError } from "../../../src/runner/buildkit/errors.ts";
import { isConnectionLost, isTransient } from "../../../src/runner/transient.ts";

test.each([
  'failed to push r/a: failed to do request: Head "https://r/v2/": dial tcp 1.2.3.4:443: i/o timeout',
  "failed to copy: httpReadSeeker: failed open: unexpected status code https://r/v2/a/blobs/x: 429 Too Many Requests",
  "failed to push localhost:1/a: unexpected status from HEAD request to http://localhost:1/v2/a/manifests/latest: 503 Service Unavailable",
  "failed to resolve source metadata for r/a: unexpected status from GET request: 502 Bad Gateway",
  "read tcp 1.2.3.4:5->6.7.8.9:443: read: connection reset by peer",
  "failed to copy: unexpected EOF",
  "net/http: TLS handshake timeout",
  "toomanyrequests: You have reached your pull rate limit",
  "dial tcp: lookup r on 1.1.1.1:53: server misbehaving",
])("again: %s", (message) => {
  expect(isTransient(new SolveError(2, message))).toBe(true);
});

test.each([
  'process "/bin/sh -c curl https://x/503 Service Unavailable" did not complete successfully: exit code: 22',
  "failed to push r/a: unexpected status from POST request: 403 Forbidden",
  "r/a: 404 Not Found",
  'failed to calculate checksum of ref x: "/missing": not found',
  "dockerfile parse error on line 503: unknown instruction: RUNN",
])("not again: %s", (message) => {
  expect(isTransient(new SolveError(2, message))).toBe(false);
});

test("the status of a step that failed decides before its words", () => {
  const details = { sources: [], denials: [], exitCode: 1 };
  expect(isTransient(new SolveError(2, "connection reset by peer", { details }))).toBe(false);
});

test("a lost connection is transient, errors of our own are not", () => {
  const lost = new SolveError(14, "Connection dropped");
  expect([isConnectionLost(lost), isTransient(lost)]).toEqual([true, true]);
  expect(isTransient(new Error("connection reset by peer"))).toBe(false);
  expect(isTransient(undefined)).toBe(false);
});
