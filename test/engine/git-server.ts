/** A git repository behind HTTP that asks for a password: what `git http-backend` gives to those who have it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { project, temporaryFolder } from "../cli/rig.ts";

export interface GitServer {
  /** `http://127.0.0.1:PORT/repository.git`. */
  readonly url: string;
  /** What was given as `authorization`, or nothing, for each request. */
  readonly seen: readonly (string | undefined)[];
}

/** Serves a repository with these files; `authorization` is the header that opens it. */
export async function serveRepository(files: Readonly<Record<string, string>>, authorization?: string): Promise<GitServer> {
  const work = project(files);
  const root = temporaryFolder();
  const git = (...args: string[]): void =>
    void execFileSync("git", args, { cwd: work, stdio: "ignore", env: { PATH: process.env["PATH"], HOME: work, GIT_CONFIG_NOSYSTEM: "1" } });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("-c", "user.email=a@example.com", "-c", "user.name=a", "commit", "-q", "-m", "first");
  git("clone", "-q", "--bare", ".", join(root, "repository.git"));
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (authorization === undefined || request.headers.authorization === authorization) runBackend(root, request, response);
    else response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/repository.git`, seen };
}

/** The protocol of CGI: the request in variables and on standard input, headers and a body back. */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const variables = {
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
  };
  const child = spawn("git", ["http-backend"], { env: { PATH: process.env["PATH"], HOME: root, ...variables }, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (!head) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const headers = head
      .subarray(0, end)
      .toString("latin1")
      .split("\r\n")
      .map((line) => line.split(": ", 2) as [string, string]);
    const status = headers.find(([name]) => name === "Status")?.[1];
    response.writeHead(Number(status?.split(" ")[0] ?? 200), Object.fromEntries(headers));
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.on("close", () => response.end());
}
