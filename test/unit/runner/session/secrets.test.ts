import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SecretReference } from "../../../../src/planner/plan.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { GetSecretRequest, GetSecretResponse } from "../../../../src/runner/buildkit/wire/secrets.ts";
import { secretLimit, secrets } from "../../../../src/runner/session/secrets.ts";
import { engineFor, quietHost, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const fromFile = (id: string, path: string): SecretReference => ({ id, source: { kind: "file", path } });
const fromEnv = (id: string, name: string): SecretReference => ({ id, source: { kind: "env", name } });

async function get(engine: Engine, id: string): Promise<string> {
  const { data } = await engine.unary({
    path: "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    request: GetSecretRequest,
    response: GetSecretResponse,
    message: { id },
  });
  return Buffer.from(data).toString("latin1");
}

describe("secrets", () => {
  test("come from files and variables, byte for byte", async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, "s"), Buffer.from([0, 255, 10]));
    const host = quietHost(home, { TOKEN: "täglich\n" });
    const engine = await engineFor(secrets({ sources: [fromFile("f", join(home, "s")), fromEnv("e", "TOKEN"), fromEnv("unset", "NO_SUCH")], host }));
    expect(await get(engine, "f")).toBe("\u0000\u00ff\n");
    expect(Buffer.from(await get(engine, "e"), "latin1").toString("utf8")).toBe("täglich\n");
    expect(await get(engine, "unset")).toBe("");
  });

  test("an id that was not given is not found", async () => {
    const engine = await engineFor(secrets({ sources: [], host: quietHost("/") }));
    expect(await statusOf(get(engine, "GIT_AUTH_TOKEN"))).toEqual({ code: status.notFound, details: "not found" });
  });

  test("files are read when asked for; one that is gone by then fails the request", async () => {
    const home = temporaryDirectory();
    const path = join(home, "s");
    writeFileSync(path, "one");
    const engine = await engineFor(secrets({ sources: [fromFile("f", path)], host: quietHost(home) }));
    writeFileSync(path, "two");
    expect(await get(engine, "f")).toBe("two");
    rmSync(path);
    expect(await statusOf(get(engine, "f"))).toEqual({ code: status.unknown, details: `open ${path}: no such file or directory` });
  });

  test("a file that is missing is refused at once", () => {
    expect(() => secrets({ sources: [fromFile("f", "/no/such")], host: quietHost("/") })).toThrow(
      "failed to stat /no/such: stat /no/such: no such file or directory",
    );
  });

  test("500 KiB pass; one byte more is refused at once, or when a file has grown", async () => {
    const home = temporaryDirectory();
    const path = join(home, "s");
    writeFileSync(path, Buffer.alloc(secretLimit, 97));
    const sources = [fromFile("f", path)];
    const engine = await engineFor(secrets({ sources, host: quietHost(home) }));
    expect((await get(engine, "f")).length).toBe(512_000);
    writeFileSync(path, Buffer.alloc(secretLimit + 1, 97));
    expect(await statusOf(get(engine, "f"))).toEqual({ code: status.unknown, details: "invalid secret size 512001" });
    expect(() => secrets({ sources, host: quietHost(home) })).toThrow("secret f too big. max size 500KiB");
  });

  test("of several sources with one id the last counts", async () => {
    const engine = await engineFor(secrets({ sources: [fromEnv("x", "A"), fromEnv("x", "B")], host: quietHost("/", { A: "a", B: "b" }) }));
    expect(await get(engine, "x")).toBe("b");
  });
});
