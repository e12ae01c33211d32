import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Host } from "../../../../src/host.ts";
import { parseChallenges } from "../../../../src/runner/session/challenge.ts";
import { proxyFor } from "../../../../src/runner/session/http-proxy.ts";
import { sendHttp } from "../../../../src/runner/session/http-request.ts";
import { registryClient, type RegistryRequest } from "../../../../src/runner/session/registry-client.ts";
import { quietHost, temporaryDirectory } from "./rig.ts";

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

function hostWith(auths: object, env: Record<string, string> = {}): Host {
  const home = temporaryDirectory();
  mkdirSync(join(home, ".docker"));
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ auths }));
  return quietHost(home, env);
}

const read: RegistryRequest = { method: "GET", path: "/v2/a/b/manifests/latest", repository: "a/b", actions: "pull" };
const login = { auth: Buffer.from("u:p").toString("base64") };

describe("challenges", () => {
  test.each([
    [
      'Bearer realm="https://a/t",service="s",scope="repository:a:pull,push"',
      [{ scheme: "bearer", parameters: { realm: "https://a/t", service: "s", scope: "repository:a:pull,push" } }],
    ],
    ['Basic realm="x \\"y\\""', [{ scheme: "basic", parameters: { realm: 'x "y"' } }]],
    [
      'bearer Realm=r , basic realm="b"',
      [
        { scheme: "bearer", parameters: { realm: "r" } },
        { scheme: "basic", parameters: { realm: "b" } },
      ],
    ],
    [
      "Negotiate, Basic realm=b",
      [
        { scheme: "negotiate", parameters: {} },
        { scheme: "basic", parameters: { realm: "b" } },
      ],
    ],
    ["", []],
    ["=nonsense", []],
  ])("%s", (header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });
});

describe("proxies", () => {
  const chosen = (url: string, env: Record<string, string>): string | undefined => proxyFor(new URL(url), env)?.href;
  test("go by the scheme; upper case wins", () => {
    const env = { HTTP_PROXY: "http://plain:1", https_proxy: "secure:2", HTTPS_PROXY: "upper:3" };
    expect(chosen("http://r.test/", env)).toBe("http://plain:1/");
    expect(chosen("https://r.test/", env)).toBe("http://upper:3/");
    expect(chosen("https://r.test/", {})).toBeUndefined();
  });

  test("are not used for this machine", () => {
    for (const url of ["http://localhost:5000/", "http://127.0.0.1/", "http://127.9.9.9/", "http://[::1]/"])
      expect(chosen(url, { HTTP_PROXY: "p:1" })).toBeUndefined();
  });

  test.each([
    ["*", "http://r.test/", false],
    ["r.test", "http://r.test/", false],
    ["r.test", "http://a.r.test/", false],
    [".r.test", "http://r.test/", true],
    [".r.test", "http://a.r.test/", false],
    ["*.r.test", "http://a.r.test/", false],
    ["other.test, R.TEST", "http://r.test/", false],
    ["r.test:8080", "http://r.test/", true],
    ["r.test:80", "http://r.test/", false],
    ["est", "http://r.test/", true],
    ["10.0.0.0/8", "http://10.1.2.3/", false],
    ["10.0.0.0/8", "http://11.1.2.3/", true],
    ["10.0.0.0/99", "http://10.1.2.3/", true],
  ])("NO_PROXY=%s and %s", (exceptions, url, used) => {
    expect(chosen(url, { HTTP_PROXY: "p:1", NO_PROXY: exceptions }) !== undefined).toBe(used);
  });
});

describe("a registry client", () => {
  test("gets a token for the scope when asked, and uses it again", async () => {
    const seen: string[] = [];
    const address: string = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? "-"}`);
      if (request.url?.startsWith("/token") === true) response.end(JSON.stringify({ token: "T", expires_in: 300 }));
      else if (request.headers.authorization === "Bearer T") response.end("manifest");
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${address}/token",service="s"` }).end();
    });
    const client = registryClient({ host: hostWith({}), registry: address, insecure: true });
    expect((await client.send(read)).body.toString()).toBe("manifest");
    expect((await client.send(read)).status).toBe(200);
    expect(seen).toEqual([
      "GET /v2/a/b/manifests/latest -",
      "GET /token?service=s&scope=repository%3Aa%2Fb%3Apull -",
      "GET /v2/a/b/manifests/latest Bearer T",
      "GET /v2/a/b/manifests/latest Bearer T",
    ]);
  });

  test("gets a new token when the old one has run out, or is refused", async () => {
    let now = 0;
    let tokens = 0;
    const address: string = await serve((request, response) => {
      if (request.url?.startsWith("/token") === true) response.end(JSON.stringify({ token: `T${++tokens}`, expires_in: 60 }));
      else if (request.headers.authorization === `Bearer T${tokens}`) response.end("ok");
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${address}/token"` }).end();
    });
    const client = registryClient({ host: { ...hostWith({}), now: () => now }, registry: address, insecure: true });
    await client.send(read);
    now += 45_000;
    await client.send(read);
    expect(tokens).toBe(1);
    now += 10_000;
    expect((await client.send(read)).status).toBe(200);
    expect(tokens).toBe(2);
    tokens = 7;
    expect((await client.send(read)).status).toBe(200);
    expect(tokens).toBe(8);
  });

  test("asks for what the request needs where the challenge names less", async () => {
    const scopes: (readonly string[])[] = [];
    const address: string = await serve((request, response) => {
      const url = new URL(request.url ?? "", "http://x");
      if (url.pathname === "/token") {
        scopes.push(url.searchParams.getAll("scope"));
        response.end('{"token":"T"}');
      } else if (request.headers.authorization === "Bearer T") response.end();
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${address}/token",scope="repository:a/b:pull registry:catalog:*"` }).end();
    });
    await registryClient({ host: hostWith({}), registry: address, insecure: true }).send({ ...read, actions: "pull,push" });
    expect(scopes).toEqual([["registry:catalog:*", "repository:a/b:pull,push"]]);
  });

  test("sends a password to who asks for one, and nothing to other hosts", async () => {
    const far: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      far.push(request.headers.authorization);
      response.end("blob");
    });
    const bodies: string[] = [];
    const address = await serve((request: IncomingMessage, response) => {
      if (request.headers.authorization !== `Basic ${login.auth}`) response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
      else if (request.url === "/v2/a/b/blobs/x") response.writeHead(307, { location: `http://${elsewhere}/x` }).end();
      else void request.toArray().then((chunks) => response.end(bodies.push(Buffer.concat(chunks as Buffer[]).toString()) && "ok"));
    });
    const client = registryClient({ host: hostWith({ [address]: login }), registry: address, insecure: true });
    expect((await client.send({ ...read, method: "PUT", body: "manifest", headers: { "content-type": "x" } })).status).toBe(200);
    expect((await client.send({ ...read, path: "/v2/a/b/blobs/x" })).body.toString()).toBe("blob");
    expect((await client.send({ ...read, path: `http://${elsewhere}/y` })).body.toString()).toBe("blob");
    expect(bodies.at(-1)).toBe("manifest");
    expect(far).toEqual([undefined, undefined]);
  });

  test("gives the refusal to its caller when nothing more can be offered", async () => {
    const address = await serve((_request, response) => response.writeHead(401, { "www-authenticate": "Basic realm=r" }).end("no"));
    expect((await registryClient({ host: hostWith({}), registry: address, insecure: true }).send(read)).status).toBe(401);
  });

  test("falls back to plain http on this machine, and only there", async () => {
    const address = await serve((_request, response) => response.end("plain"));
    expect((await registryClient({ host: hostWith({}), registry: address }).send(read)).body.toString()).toBe("plain");
    await expect(registryClient({ host: hostWith({}), registry: "registry.invalid" }).send(read)).rejects.toThrow(
      'GET "https://registry.invalid/v2/a/b/manifests/latest": ',
    );
  });

  test("says which request failed, without what it held", async () => {
    const address = await serve((request) => request.socket.destroy());
    const failed = sendHttp({ method: "GET", url: `http://u:s3cret@${address}/path?token=s3cret` }, { host: hostWith({}) });
    await expect(failed).rejects.toThrow(new RegExp(`^GET "http://${address}/path": (?!.*s3cret)`));
  });

  test("is stopped by a signal, and by answers without end", async () => {
    const silent = await serve(() => undefined);
    const abort = new AbortController();
    const waiting = sendHttp({ method: "GET", url: `http://${silent}/` }, { host: hostWith({}), signal: abort.signal });
    abort.abort(new Error("context canceled"));
    await expect(waiting).rejects.toThrow("context canceled");
    const circle = await serve((_request, response) => response.writeHead(302, { location: "/again" }).end());
    await expect(sendHttp({ method: "GET", url: `http://${circle}/` }, { host: hostWith({}) })).rejects.toThrow("stopped after 10 redirects");
    await expect(sendHttp({ method: "GET", url: "file:///etc/passwd" }, { host: hostWith({}) })).rejects.toThrow("unsupported protocol scheme");
  });
});

describe("certificates and proxies", () => {
  const certificate = (folder: string): { key: Buffer; cert: Buffer; file: string } => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=registry.test",
        "-addext",
        "subjectAltName=DNS:registry.test,IP:127.0.0.1",
        "-keyout",
        key,
        "-out",
        cert,
      ],
      { stdio: "ignore" },
    );
    return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
  };

  test("a certificate of SSL_CERT_FILE is trusted, another is not, unless the registry is called insecure", async () => {
    const { key, cert, file } = certificate(temporaryDirectory());
    const address = await listen(createTlsServer({ key, cert }, (_request, response) => response.end("secure")));
    const request = { method: "GET", url: `https://${address}/` };
    expect((await sendHttp(request, { host: hostWith({}, { SSL_CERT_FILE: file }) })).body.toString()).toBe("secure");
    await expect(sendHttp(request, { host: hostWith({}) })).rejects.toThrow("self-signed certificate");
    expect((await sendHttp(request, { host: hostWith({}), insecure: true })).status).toBe(200);
  });

  test("both kinds of request go through a proxy, which gets its own login", async () => {
    const { key, cert, file } = certificate(temporaryDirectory());
    const secure = await listen(createTlsServer({ key, cert }, (_request, response) => response.end("secure")));
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
      response.end("proxied");
    });
    proxy.on("connect", (request: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
      const [host = "", port = ""] = secure.split(":");
      const upstream = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(upstream).pipe(socket);
      });
      socket.on("error", () => upstream.destroy());
    });
    const address = await listen(proxy);
    const env = { HTTP_PROXY: `http://me:p%40ss@${address}`, HTTPS_PROXY: `http://${address}`, SSL_CERT_FILE: file };
    expect((await sendHttp({ method: "GET", url: "http://registry.test/v2/" }, { host: hostWith({}, env) })).body.toString()).toBe("proxied");
    expect((await sendHttp({ method: "GET", url: "https://registry.test/v2/" }, { host: hostWith({}, env) })).body.toString()).toBe("secure");
    expect(seen).toEqual([`GET http://registry.test/v2/ Basic ${Buffer.from("me:p@ss").toString("base64")}`, "CONNECT registry.test:443 -"]);
  });
});
