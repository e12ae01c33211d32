/** Registries that want to know who asks: tokens and passwords of the docker configuration, fetched when the engine asks for them. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";

interface TokenRequest {
  readonly method: string;
  /** User and password as they came. */
  readonly login: string;
  readonly scopes: readonly string[];
}

interface GuardedRegistry {
  readonly address: string;
  readonly asked: TokenRequest[];
}

interface Guard {
  /** `user:password`. */
  readonly login: string;
  readonly scheme: "bearer" | "basic";
  /** Reading needs a token too, which anybody gets. */
  readonly anonymousPull?: boolean;
}

/** A registry in front of another one that lets only those in who have a token, or a password. */
async function guardRegistry(behind: string, { login, scheme, anonymousPull = false }: Guard): Promise<GuardedRegistry> {
  const asked: TokenRequest[] = [];
  const tokens = new Map<string, { readonly canPush: boolean }>();
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? "", `http://${incoming.headers.host ?? ""}`);
    if (url.pathname === "/token") {
      giveToken(url, incoming, Buffer.concat((await incoming.toArray()) as Buffer[]).toString(), outgoing);
      return;
    }
    const writes = !["GET", "HEAD"].includes(incoming.method ?? "");
    const authorization = incoming.headers.authorization ?? "";
    const token = tokens.get(authorization.replace(/^Bearer /, ""));
    const known =
      scheme === "basic"
        ? authorization === `Basic ${Buffer.from(login).toString("base64")}`
        : token !== undefined && (token.canPush || (!writes && anonymousPull));
    if (!known) {
      incoming.resume();
      const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url.pathname)?.[1];
      const scope = repository === undefined ? "" : `,scope="repository:${repository}:pull${writes ? ",push" : ""}"`;
      const challenge = scheme === "basic" ? 'Basic realm="guarded"' : `Bearer realm="http://${url.host}/token",service="guarded"${scope}`;
      outgoing.writeHead(401, { "www-authenticate": challenge, "content-type": "application/json" }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return;
    }
    forward(behind, incoming, outgoing);
  };
  const giveToken = (url: URL, incoming: IncomingMessage, body: string, outgoing: ServerResponse): void => {
    const form = new URLSearchParams(body);
    const given =
      form.get("password") === null
        ? Buffer.from((incoming.headers.authorization ?? "").replace("Basic ", ""), "base64").toString()
        : `${form.get("username")}:${form.get("password")}`;
    const scopes = [...url.searchParams.getAll("scope"), ...(form.get("scope") ?? "").split(" ")].filter((scope) => scope !== "");
    asked.push({ method: incoming.method ?? "", login: given, scopes });
    if (given !== login && !(given === "" && anonymousPull)) {
      outgoing.writeHead(401, { "content-type": "application/json" }).end("{}");
      return;
    }
    const token = randomBytes(8).toString("hex");
    tokens.set(token, { canPush: given === login });
    outgoing
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ token, access_token: token, expires_in: 300, issued_at: new Date().toISOString() }));
  };
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function forward(to: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [host, port] = to.split(":");
  const headers = { ...incoming.headers };
  delete headers.authorization;
  const inner = request({ host, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  inner.on("error", (error) => outgoing.destroy(error));
  incoming.pipe(inner);
}

const password = (): string => `canary-${randomBytes(12).toString("hex")}`;

/** A home whose docker configuration is this. */
function homeWith(config: object): string {
  const home = temporaryFolder();
  mkdirSync(join(home, ".docker"));
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify(config));
  return home;
}

const login = (user: string, secret: string): object => ({ auth: Buffer.from(`${user}:${secret}`).toString("base64") });
const pushing = (name: string): string => `target "default" {\n  tags = ["${name}"]\n  output = ["type=registry"]\n}\n`;
const image = { Dockerfile: "FROM scratch\nCOPY f /\n", f: "f" };
const freshName = (): string => `session/${randomBytes(6).toString("hex")}`;

describeEngines(
  "registries",
  ["dockerd", "dockerd-classic", "buildkitd"],
  (engine) => {
    test("get a token for a push with the configured password, which appears nowhere", async () => {
      const secret = password();
      const { address, asked } = await guardRegistry(engine.registry, { login: `me:${secret}`, scheme: "bearer" });
      const name = freshName();
      const cwd = engine.project({ "docker-bake.hcl": pushing(`${address}/${name}`), ...image });
      const home = homeWith({ auths: { [address]: login("me", secret) } });
      const run = expectSuccess(await engine.tsbake(["--progress=plain", "--metadata-file=m.json"], { cwd, env: { HOME: home } }));
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.every(({ login: given }) => given === `me:${secret}`)).toBe(true);
      expect(asked.flatMap(({ scopes }) => scopes).some((scope) => scope.startsWith(`repository:${name}:`) && scope.includes("push"))).toBe(true);
      const types = ["vnd.oci.image.index.v1", "vnd.oci.image.manifest.v1", "vnd.docker.distribution.manifest.v2"].map((type) => `application/${type}+json`);
      const answer = await fetch(`http://${engine.registry}/v2/${name}/manifests/latest`, { headers: { accept: types.join(", ") } });
      expect(answer.status).toBe(200);
      for (const text of [run.stdout, run.stderr, readFileSync(join(cwd, "m.json"), "utf8")]) expect(text).not.toContain(secret);
    });

    test("take the password of a credential helper", async () => {
      const secret = password();
      const { address } = await guardRegistry(engine.registry, { login: `helped:${secret}`, scheme: "bearer" });
      const home = homeWith({ credHelpers: { [address]: "canary" } });
      const helper = join(home, "docker-credential-canary");
      writeFileSync(helper, `#!/bin/sh\necho '{"Username":"helped","Secret":"${secret}"}'\n`);
      chmodSync(helper, 0o755);
      const cwd = engine.project({ "docker-bake.hcl": pushing(`${address}/${freshName()}`), ...image });
      const run = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: { HOME: home, PATH: `${home}:${process.env["PATH"]}` } }));
      expect(run.stderr).not.toContain(secret);
    });

    test("that want a password get it", async () => {
      const secret = password();
      const { address } = await guardRegistry(engine.registry, { login: `me:${secret}`, scheme: "basic" });
      const cwd = engine.project({ "docker-bake.hcl": pushing(`${address}/${freshName()}`), ...image });
      expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: { HOME: homeWith({ auths: { [address]: login("me", secret) } }) } }));
    });

    test("that refuse a password fail the push, and it is not told", async () => {
      const [right, wrong] = [password(), password()];
      const { address } = await guardRegistry(engine.registry, { login: `me:${right}`, scheme: "bearer" });
      const cwd = engine.project({ "docker-bake.hcl": pushing(`${address}/${freshName()}`), ...image });
      const run = await engine.tsbake(["--progress=plain"], { cwd, env: { HOME: homeWith({ auths: { [address]: login("me", wrong) } }) } });
      expect(run.exit, run.story).toBe(1);
      expect(run.stderr).toMatch(/401|unauthorized|denied/i);
      expect(run.stdout + run.stderr).not.toContain(wrong);
    });
  },
  { needs: ["registry"] },
);

describeEngines(
  "anonymous pulls",
  ["buildkitd"],
  (engine) => {
    test("get a token without a password", async () => {
      const secret = password();
      const { address, asked } = await guardRegistry(engine.registry, { login: `me:${secret}`, scheme: "bearer", anonymousPull: true });
      const name = `${address}/${freshName()}`;
      const pushed = engine.project({ "docker-bake.hcl": pushing(name), ...image });
      expectSuccess(await engine.tsbake([], { cwd: pushed, env: { HOME: homeWith({ auths: { [address]: login("me", secret) } }) } }));
      asked.splice(0);
      const cwd = engine.project({ "docker-bake.hcl": 'target "default" {\n  output = ["out"]\n}\n', Dockerfile: `FROM ${name}\n` });
      expectSuccess(await engine.tsbake([], { cwd }));
      expect(readFileSync(join(cwd, "out/f"), "utf8")).toBe("f");
      expect(asked.map(({ login: given }) => given)).toContain("");
    });
  },
  { needs: ["registry"] },
);
