/** Asks a credential helper, a program `docker-credential-NAME` on PATH, for one registry (spec/buildkit.md 1.9). */
import { spawn } from "node:child_process";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";

const none = "credentials not found in native keychain";
const outputLimit = 1024 * 1024;

interface HelperAnswer {
  readonly username: string;
  readonly password: string;
  readonly identityToken: string;
}

/** Undefined when the helper has nothing for the registry. Rejects with a BakeError when it fails. */
export async function askHelper(name: string, registry: string, host: Host): Promise<HelperAnswer | undefined> {
  const program = `docker-credential-${name}`;
  const { code, output } = await runHelper(program, registry, host);
  if (code !== 0) {
    const text = output.trim();
    if (text === none) return undefined;
    throw new BakeError("auth.helper", `error getting credentials - err: exit status ${code}, out: \`${text}\``);
  }
  try {
    const { Username: username = "", Secret: secret = "" } = JSON.parse(output) as { Username?: string; Secret?: string };
    if (username === "<token>") return { username: "", password: "", identityToken: secret };
    return { username, password: secret, identityToken: "" };
  } catch {
    // What it printed may be the secret itself.
    throw new BakeError("auth.helper", `error getting credentials: ${program} did not answer with JSON`);
  }
}

function runHelper(program: string, registry: string, host: Host): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env: { ...host.env }, cwd: host.cwd, stdio: ["pipe", "pipe", "inherit"], windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= outputLimit) chunks.push(chunk);
      else child.kill();
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? `exec: "${program}": executable file not found in $PATH` : error.message;
      reject(new BakeError("auth.helper", `error getting credentials - err: ${reason}, out: \`\``, { cause: error }));
    });
    child.once("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }));
    // A helper that does not read its input is no failure by itself.
    child.stdin.on("error", () => undefined);
    child.stdin.end(registry);
  });
}
