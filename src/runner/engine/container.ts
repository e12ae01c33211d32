/**
 * A BuildKit inside a container of a docker engine, reached by exec of `buildctl dial-stdio` through the
 * engine API (spec/buildkit.md 1.4); the docker CLI is not needed.
 */
import { Duplex } from "node:stream";
import { BakeError } from "../../diagnostics.ts";
import type { EngineApi } from "./engine-api.ts";

/** Opens a stream to the BuildKit in a running container. Every call is an exec of its own. */
export async function containerDial(engine: EngineApi, container: string, endpoint: string): Promise<Duplex> {
  const { Id } = await engine.json<{ Id: string }>({
    method: "POST",
    path: `/containers/${encodeURIComponent(container)}/exec`,
    json: { AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: ["buildctl", "dial-stdio"] },
  });
  return demultiplex(await engine.startExec(Id), endpoint);
}

/** Runs a command in a container to its end; resolves with the exit code and what it printed. */
export async function containerRun(engine: EngineApi, container: string, command: readonly string[]): Promise<{ code: number; output: string }> {
  const { Id } = await engine.json<{ Id: string }>({
    method: "POST",
    path: `/containers/${encodeURIComponent(container)}/exec`,
    json: { AttachStdout: true, AttachStderr: true, Cmd: command },
  });
  const raw = await engine.startExec(Id);
  raw.end();
  const output: Buffer[] = [];
  const stream = demultiplex(raw, container, (chunk) => output.push(chunk));
  for await (const chunk of stream as AsyncIterable<Buffer>) output.push(chunk);
  const { ExitCode } = await engine.json<{ ExitCode: number | null }>({ method: "GET", path: `/exec/${Id}/json` });
  return { code: ExitCode ?? 0, output: Buffer.concat(output).toString("utf8") };
}

const frameHeader = 8;
const stderrLimit = 4096;

/**
 * Splits the engine's exec stream: each frame is `[stream, 0, 0, 0, length]` and a payload, stream 1 is
 * stdout. Without a taker, what came on stderr is the error that the stream ends with.
 */
export function demultiplex(raw: Duplex, endpoint: string, takeStderr?: (chunk: Buffer) => void): Duplex {
  let stderr = "";
  let pending: Buffer = Buffer.alloc(0);
  const take = (duplex: Duplex, chunk: Buffer): boolean => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let more = true;
    while (pending.length >= frameHeader) {
      const end = frameHeader + pending.readUInt32BE(4);
      if (pending.length < end) break;
      const payload = pending.subarray(frameHeader, end);
      if (pending[0] === 2) {
        if (takeStderr) takeStderr(payload);
        else stderr = (stderr + payload.toString("utf8")).slice(-stderrLimit);
      } else {
        more = duplex.push(payload);
      }
      pending = pending.subarray(end);
    }
    return more;
  };
  const duplex: Duplex = new Duplex({
    read: () => void raw.resume(),
    write: (chunk: Buffer, _encoding, done) => void (raw.write(chunk) ? done() : raw.once("drain", done)),
    final: (done) => void raw.end(done),
    destroy: (error, done) => {
      raw.destroy();
      done(error);
    },
  });
  raw.on("data", (chunk: Buffer) => {
    if (!take(duplex, chunk)) raw.pause();
  });
  raw.once("end", () => {
    if (stderr.trim() === "") duplex.push(null);
    else duplex.destroy(new BakeError("engine.exec", `connection to ${endpoint} lost: ${stderr.trim()}`));
  });
  raw.once("error", (error) => duplex.destroy(new BakeError("engine.exec", `connection to ${endpoint} lost: ${error.message}`, { cause: error })));
  raw.once("close", () => {
    if (!raw.readableEnded) duplex.destroy();
  });
  return duplex;
}
