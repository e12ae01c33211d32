/**
 * Child processes as byte streams: `buildctl dial-stdio` behind podman, kubectl or ssh. The child lives
 * as long as the stream; what it wrote to stderr explains why a connection died.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";
import { BakeError } from "../../diagnostics.ts";
import type { ChildCommand } from "./ssh.ts";

const stderrLimit = 4096;

/** Starts the child and gives its stdio as one stream. Rejects with a clear message when the program is missing. */
export async function openChild(command: ChildCommand): Promise<Duplex> {
  const child = spawn(command.command, [...command.arguments], { stdio: "pipe", windowsHide: true });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => reject(startError(command, error)));
  });
  return joinStdio(child, command);
}

function startError({ command, endpoint }: ChildCommand, error: NodeJS.ErrnoException): BakeError {
  const reason = error.code === "ENOENT" ? `"${command}" was not found in PATH` : error.message;
  return new BakeError("engine.child", `cannot connect to ${endpoint}: ${reason}`, { cause: error });
}

function joinStdio(child: ChildProcessWithoutNullStreams, { command, endpoint }: ChildCommand): Duplex {
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit);
  });
  const { stdin, stdout } = child;
  // A child that is gone makes writing fail; what it said on its way out explains more.
  stdin.on("error", () => undefined);
  const stream: Duplex = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void (stdin.write(chunk) || !stdin.writable ? done() : stdin.once("drain", done)),
    final: (done) => void stdin.end(done),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  stdout.on("data", (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  child.once("close", (code, signal) => {
    if (code === 0) {
      stream.push(null);
      return;
    }
    const status = code === null ? `was ended by ${signal ?? "a signal"}` : `ended with status ${code}`;
    const said = stderr.trim() === "" ? "" : `: ${stderr.trim()}`;
    stream.destroy(new BakeError("engine.child", `connection to ${endpoint} lost: ${command} ${status}${said}`));
  });
  return stream;
}
