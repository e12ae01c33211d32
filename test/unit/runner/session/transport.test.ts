import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { HealthCheckRequest, HealthCheckResponse } from "../../../../src/runner/buildkit/wire/health.ts";
import { messages, RpcError, type Call, type Service } from "../../../../src/runner/session/rpc.ts";
import { collect, engineFor, statusOf, type Engine } from "./rig.ts";

const serviceOf = (handle: (call: Call) => Promise<void>): Service => ({ methods: { "/t.T/Call": handle } });

const check = (engine: Engine): Promise<HealthCheckResponse> =>
  engine.unary({ path: "/grpc.health.v1.Health/Check", request: HealthCheckRequest, response: HealthCheckResponse, message: { service: "" } });

describe("health", () => {
  test("every session answers Check", async () => {
    expect(await check(await engineFor())).toEqual({ status: 1 });
  });

  test("Watch tells the state once and stays open", async () => {
    const stream = (await engineFor()).stream("/grpc.health.v1.Health/Watch");
    stream.on("error", () => undefined);
    stream.write(HealthCheckRequest.encode({ service: "" }).finish());
    const [message] = (await once(stream, "data")) as [Buffer];
    expect(HealthCheckResponse.decode(message)).toEqual({ status: 1 });
    stream.cancel();
  });
});

describe("handshake", () => {
  test("names the session and every method, one header each", async () => {
    const { session } = await engineFor(serviceOf(() => Promise.resolve()));
    expect(session.methods).toEqual(["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch", "/t.T/Call"]);
    expect(session.handshakeHeaders).toEqual([
      ["X-Docker-Expose-Session-Uuid", "session-under-test"],
      ["X-Docker-Expose-Session-Sharedkey", ""],
      ["X-Docker-Expose-Session-Grpc-Method", "/grpc.health.v1.Health/Check"],
      ["X-Docker-Expose-Session-Grpc-Method", "/grpc.health.v1.Health/Watch"],
      ["X-Docker-Expose-Session-Grpc-Method", "/t.T/Call"],
    ]);
  });
});

describe("calls", () => {
  test("repeated metadata keep their values apart, commas included", async () => {
    let seen: readonly string[] = [];
    const engine = await engineFor(
      serviceOf((call) => {
        seen = call.metadata.all("exclude-patterns");
        return Promise.resolve();
      }),
    );
    const stream = engine.stream("/t.T/Call", { "exclude-patterns": ["a, b", "c", "!d"] });
    stream.end();
    await collect(stream);
    expect(seen).toEqual(["a, b", "c", "!d"]);
  });

  test("a failure arrives with its status and its text, whatever characters it has", async () => {
    const engine = await engineFor(serviceOf(() => Promise.reject(new RpcError(status.notFound, "kein „Schlüssel“ 100 %\nsecond line"))));
    const stream = engine.stream("/t.T/Call");
    stream.end();
    expect(await statusOf(collect(stream))).toEqual({ code: status.notFound, details: "kein „Schlüssel“ 100 %\nsecond line" });
  });

  test("a method that is not served is unimplemented", async () => {
    const stream = (await engineFor()).stream("/t.T/Other");
    stream.end();
    expect((await statusOf(collect(stream))).code).toBe(status.unimplemented);
  });

  test("messages of any size pass unchanged in both directions", async () => {
    const engine = await engineFor(
      serviceOf(async (call) => {
        for await (const message of messages(call)) {
          call.writer.message(message);
          if (call.writer.full) await call.writer.drained();
        }
      }),
    );
    const sent = [0, 1, 5, 16_379, 16_384, 65_531, 65_536, 200_000, 3_145_728].map((size) => Buffer.alloc(size, size % 251));
    const stream = engine.stream("/t.T/Call");
    const received = collect(stream);
    for (const message of sent) stream.write(message);
    stream.end();
    const echoed = await received;
    expect(echoed.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
    expect(echoed.every((message, at) => message.equals(sent[at] as Buffer))).toBe(true);
  });

  test("a message above the limit is refused", async () => {
    const engine = await engineFor(serviceOf(async (call) => void (await call.read())));
    const stream = engine.stream("/t.T/Call");
    const failed = statusOf(collect(stream));
    stream.write(Buffer.alloc(16 * 1024 * 1024 + 1));
    stream.end();
    expect((await failed).code).toBe(status.resourceExhausted);
  });

  test("a call that the engine cancels tells its handler", async () => {
    let heard: (reason: unknown) => void;
    const cancelled = new Promise((resolve) => {
      heard = resolve;
    });
    const engine = await engineFor(
      serviceOf(async (call) => {
        call.signal.addEventListener("abort", () => heard(call.signal.reason));
        for await (const message of messages(call)) call.writer.message(message);
      }),
    );
    const stream = engine.stream("/t.T/Call");
    stream.on("error", () => undefined);
    stream.write(Buffer.from("x"));
    await once(stream, "data");
    stream.cancel();
    expect(await cancelled).toMatchObject({ code: status.cancelled });
  });

  test("health is answered while a call streams more than the engine reads", async () => {
    const engine = await engineFor(
      serviceOf(async (call) => {
        while (!call.signal.aborted) {
          call.writer.message(Buffer.alloc(1024 * 1024));
          if (call.writer.full) await call.writer.drained();
        }
      }),
    );
    const stream = engine.stream("/t.T/Call");
    stream.on("error", () => undefined);
    stream.pause();
    expect(await check(engine)).toEqual({ status: 1 });
    stream.cancel();
  });
});

describe("closing", () => {
  test("ends the connections and the calls on them", async () => {
    const engine = await engineFor(
      serviceOf((call) => new Promise((_resolve, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason as Error)))),
    );
    const stream = engine.stream("/t.T/Call");
    const failed = statusOf(collect(stream));
    await check(engine);
    await engine.session.close();
    expect((await failed).code).toBeGreaterThan(0);
    expect(engine.sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});
