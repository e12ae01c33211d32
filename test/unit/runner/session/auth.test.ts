import { createPublicKey, randomBytes, verify } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Host } from "../../../../src/host.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import * as wire from "../../../../src/runner/buildkit/wire/auth.ts";
import { auth, registryAuth } from "../../../../src/runner/session/auth.ts";
import { credentialsOf } from "../../../../src/runner/session/docker-credentials.ts";
import { engineFor, quietHost, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

interface Machine {
  readonly home: string;
  readonly host: Host;
  file(path: string, content: string | object): void;
}

function machine(env: Record<string, string> = {}): Machine {
  const home = temporaryDirectory();
  return {
    home,
    host: quietHost(home, { ...env, PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}` }),
    file: (path, content) => {
      const full = join(home, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content));
    },
  };
}

/** A helper that logs what it is asked and answers as told. */
function helper(at: Machine, name: string, script: string): void {
  at.file(`bin/docker-credential-${name}`, `#!/bin/sh\nread -r server\necho "$1 $server" >> "${at.home}/asked"\n${script}\n`);
  chmodSync(join(at.home, `bin/docker-credential-${name}`), 0o755);
}

const ask = (engine: Engine, host: string): Promise<wire.CredentialsResponse> =>
  engine.unary({ path: "/moby.filesync.v1.Auth/Credentials", request: wire.CredentialsRequest, response: wire.CredentialsResponse, message: { host } });

const fetchToken = (engine: Engine, message: Partial<wire.FetchTokenRequest>): Promise<wire.FetchTokenResponse> =>
  engine.unary({
    path: "/moby.filesync.v1.Auth/FetchToken",
    request: wire.FetchTokenRequest,
    response: wire.FetchTokenResponse,
    message: { clientId: "buildkit-client", host: "r.test", realm: "", service: "r", scopes: ["repository:a/b:pull"], ...message },
  });

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

/** A token server; `answer` gives the status and the body for a request. */
async function tokenServer(
  answer: (asked: Asked) => readonly [number, unknown, Record<string, string>?],
): Promise<{ readonly realm: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const read = async (request: IncomingMessage): Promise<string> => Buffer.concat((await request.toArray()) as Buffer[]).toString();
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const seen = {
        method: request.method ?? "",
        url: new URL(request.url ?? "", "http://x"),
        authorization: request.headers.authorization,
        form: Object.fromEntries(new URLSearchParams(body)),
      };
      asked.push(seen);
      const [code, content, headers = {}] = answer(seen);
      response.writeHead(code, headers).end(typeof content === "string" ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked };
}

describe("credentials", () => {
  test("without a configuration there are none, and that is no error", async () => {
    const engine = await engineFor(auth({ host: machine().host }));
    expect(await ask(engine, "r.test")).toEqual({ username: "", secret: "" });
  });

  test("auths gives user and password, by exact key or by the host in an old key", async () => {
    const at = machine();
    at.file(".docker/config.json", {
      auths: {
        "r.test:5000": { auth: base64("me:a:b") },
        "https://old.test/v1/": { username: "u", password: "p" },
        "https://index.docker.io/v1/": { auth: base64("hub:x") },
      },
    });
    const engine = await engineFor(auth({ host: at.host }));
    expect(await ask(engine, "r.test:5000")).toEqual({ username: "me", secret: "a:b" });
    expect(await ask(engine, "old.test")).toEqual({ username: "u", secret: "p" });
    expect(await ask(engine, "registry-1.docker.io")).toEqual({ username: "hub", secret: "x" });
    expect(await ask(engine, "r.test")).toEqual({ username: "", secret: "" });
  });

  test("DOCKER_CONFIG chooses the directory", async () => {
    const at = machine({ DOCKER_CONFIG: "/nowhere" });
    at.file("other/config.json", { auths: { "r.test": { auth: base64("u:p") } } });
    const host = { ...at.host, env: { ...at.host.env, DOCKER_CONFIG: join(at.home, "other") } };
    expect(await ask(await engineFor(auth({ host })), "r.test")).toEqual({ username: "u", secret: "p" });
  });

  test("an identity token comes as a secret without user", async () => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "r.test": { auth: base64("u:p"), identitytoken: "idt" } } });
    expect(await ask(await engineFor(auth({ host: at.host })), "r.test")).toEqual({ username: "", secret: "idt" });
  });

  test("DOCKER_AUTH_CONFIG wins where it has the registry; a broken one counts as none", async () => {
    const config = { auths: { "r.test": { auth: base64("file:1") }, "s.test": { auth: base64("file:2") } } };
    const at = machine({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "r.test": { auth: base64("env:3") } } }) });
    at.file(".docker/config.json", config);
    const engine = await engineFor(auth({ host: at.host }));
    expect(await ask(engine, "r.test")).toEqual({ username: "env", secret: "3" });
    expect(await ask(engine, "s.test")).toEqual({ username: "file", secret: "2" });

    const broken = machine({ DOCKER_AUTH_CONFIG: "{" });
    broken.file(".docker/config.json", config);
    expect(await ask(await engineFor(auth({ host: broken.host })), "r.test")).toEqual({ username: "file", secret: "1" });
  });

  test("a helper of the registry goes before the store; the answer is remembered", async () => {
    const at = machine();
    helper(at, "one", `echo '{"ServerURL":"x","Username":"h","Secret":"s1"}'`);
    helper(at, "two", `echo '{"ServerURL":"x","Username":"<token>","Secret":"s2"}'`);
    at.file(".docker/config.json", { auths: { "r.test": { auth: base64("file:1") } }, credHelpers: { "r.test": "one" }, credsStore: "two" });
    const engine = await engineFor(auth({ host: at.host }));
    expect(await ask(engine, "r.test")).toEqual({ username: "h", secret: "s1" });
    expect(await ask(engine, "other.test")).toEqual({ username: "", secret: "s2" });
    expect(await ask(engine, "r.test")).toEqual({ username: "h", secret: "s1" });
    expect(readFileSync(join(at.home, "asked"), "utf8")).toBe("get r.test\nget other.test\n");
  });

  test("what a helper answered is asked anew after five minutes", async () => {
    const at = machine();
    helper(at, "one", `echo '{"Username":"h","Secret":"s"}'`);
    at.file(".docker/config.json", { credsStore: "one" });
    let now = 1_000_000;
    const credentials = credentialsOf({ ...at.host, now: () => now });
    await credentials.get("r.test");
    now += 289_000;
    await credentials.get("r.test");
    expect(readFileSync(join(at.home, "asked"), "utf8")).toBe("get r.test\n");
    now += 2_000;
    await credentials.get("r.test");
    expect(readFileSync(join(at.home, "asked"), "utf8")).toBe("get r.test\nget r.test\n");
  });

  test("a helper that has nothing means none; one that fails says why", async () => {
    const at = machine();
    helper(at, "none", `echo 'credentials not found in native keychain'; exit 1`);
    helper(at, "bad", `echo 'keychain is locked'; exit 3`);
    helper(at, "chatty", `echo 'not json s3cret'`);
    at.file(".docker/config.json", { credsStore: "none", credHelpers: { "bad.test": "bad", "chatty.test": "chatty", "gone.test": "gone" } });
    const engine = await engineFor(auth({ host: at.host }));
    expect(await ask(engine, "r.test")).toEqual({ username: "", secret: "" });
    expect((await statusOf(ask(engine, "bad.test"))).details).toBe("error getting credentials - err: exit status 3, out: `keychain is locked`");
    expect((await statusOf(ask(engine, "gone.test"))).details).toBe(
      'error getting credentials - err: exec: "docker-credential-gone": executable file not found in $PATH, out: ``',
    );
    expect((await statusOf(ask(engine, "chatty.test"))).details).not.toContain("s3cret");
  });

  test("registries behind Docker Hub take its credentials when they have none", async () => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "https://index.docker.io/v1/": { auth: base64("hub:x") }, "dhi.io": { auth: base64("own:y") } } });
    const engine = await engineFor(auth({ host: at.host }));
    expect(await ask(engine, "dhi.io")).toEqual({ username: "own", secret: "y" });
    expect(await ask(engine, "registry.scout.docker.com")).toEqual({ username: "hub", secret: "x" });
    expect(await ask(engine, "ghcr.io")).toEqual({ username: "", secret: "" });
  });

  test("a broken configuration is an error that quotes nothing of it", async () => {
    const at = machine();
    at.file(".docker/config.json", `{"auths": {"r.test": {"auth": s3cret}}}`);
    const failure = await statusOf(ask(await engineFor(auth({ host: at.host })), "r.test"));
    expect(failure.details).toBe(`failed to parse ${at.home}/.docker/config.json: invalid JSON`);
  });

  test("each use is told once, without secrets", async () => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "r.test": { auth: base64("u:s3cret") } } });
    const told: string[] = [];
    const engine = await engineFor(auth({ host: at.host, onUse: (message) => told.push(message) }));
    await ask(engine, "r.test");
    await ask(engine, "r.test");
    await ask(engine, "anonymous.test");
    expect(told).toEqual(["[auth] sharing credentials for r.test"]);
  });
});

describe("configurations for a scope", () => {
  test("the one that fits best serves a request with one resource", async () => {
    const at = machine();
    const entry = (name: string): object => ({ auths: { "r.test": { auth: base64(`${name}:x`) } } });
    at.file(".docker/config.json", entry("default"));
    at.file(".docker/buildx/config/r.test/config.json", entry("host"));
    at.file(".docker/buildx/config/r.test@push/config.json", entry("push"));
    at.file(".docker/buildx/config/r.test/a/b/config.json", entry("repo"));
    at.file(".docker/buildx/config/r.test/a/b@pull,push/config.json", entry("both"));
    const credentials = credentialsOf(at.host);
    const user = async (...scopes: readonly string[]): Promise<string> => (await credentials.get("r.test", scopes)).username;
    expect(await user()).toBe("default");
    expect(await user("repository:c:pull")).toBe("host");
    expect(await user("repository:c:pull,push")).toBe("push");
    expect(await user("repository:a/b:pull")).toBe("repo");
    expect(await user("repository:a/b:pull,push")).toBe("both");
    expect(await user("repository:a/b:pull", "repository:c:pull")).toBe("default");
  });
});

describe("tokens", () => {
  const configured = (entry: object): Machine => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "r.test": entry } });
    return at;
  };

  test("a user's password is exchanged by POST", async () => {
    const { realm, asked } = await tokenServer(() => [200, { access_token: "T", expires_in: 300, issued_at: "2026-01-02T03:04:05Z" }]);
    const engine = await engineFor(auth({ host: configured({ auth: base64("u:p") }).host }));
    expect(await fetchToken(engine, { realm, scopes: ["repository:a/b:pull", "repository:c:pull"] })).toEqual({
      token: "T",
      expiresIn: 300n,
      issuedAt: 1767323045n,
    });
    expect(asked).toMatchObject([
      {
        method: "POST",
        authorization: undefined,
        form: {
          grant_type: "password",
          username: "u",
          password: "p",
          service: "r",
          client_id: "buildkit-client",
          scope: "repository:a/b:pull repository:c:pull",
        },
      },
    ]);
  });

  test("an identity token is exchanged as a refresh token", async () => {
    const { realm, asked } = await tokenServer(() => [200, { access_token: "T" }]);
    const engine = await engineFor(auth({ host: configured({ identitytoken: "idt" }).host }));
    expect(await fetchToken(engine, { realm })).toEqual({ token: "T", expiresIn: 60n, issuedAt: 0n });
    expect(asked[0]?.form).toEqual({
      grant_type: "refresh_token",
      refresh_token: "idt",
      service: "r",
      client_id: "buildkit-client",
      scope: "repository:a/b:pull",
    });
  });

  test.each([401, 404, 405])("where POST gives %i the login is sent by GET", async (code) => {
    const { realm, asked } = await tokenServer(({ method }) => (method === "POST" ? [code, ""] : [200, { token: "G", expires_in: 10 }]));
    const engine = await engineFor(auth({ host: configured({ auth: base64("u:p") }).host }));
    expect(await fetchToken(engine, { realm })).toEqual({ token: "G", expiresIn: 10n, issuedAt: 0n });
    expect(asked[1]).toMatchObject({ method: "GET", authorization: `Basic ${base64("u:p")}` });
    expect(asked[1]?.url.search).toBe("?service=r&scope=repository%3Aa%2Fb%3Apull");
  });

  test("an identity token is not tried by GET after 405", async () => {
    const { realm } = await tokenServer(() => [405, ""]);
    const engine = await engineFor(auth({ host: configured({ identitytoken: "idt" }).host }));
    expect((await statusOf(fetchToken(engine, { realm }))).details).toBe(`failed to fetch oauth token: unexpected status from POST request to "${realm}": 405`);
  });

  test("without a secret a token is fetched anonymously, one parameter for each scope", async () => {
    const { realm, asked } = await tokenServer(() => [200, { token: "A", access_token: "B" }]);
    const engine = await engineFor(auth({ host: machine().host }));
    expect((await fetchToken(engine, { realm, scopes: ["x", "y"] })).token).toBe("B");
    expect(asked[0]).toMatchObject({ method: "GET", authorization: undefined });
    expect(asked[0]?.url.searchParams.getAll("scope")).toEqual(["x", "y"]);
  });

  test("failures say which kind of token, and neither secret nor answer", async () => {
    const { realm } = await tokenServer(({ form }) => [403, { echo: form["password"] }]);
    const engine = await engineFor(auth({ host: configured({ auth: base64("u:s3cret") }).host }));
    const failure = await statusOf(fetchToken(engine, { realm }));
    expect(failure).toEqual({ code: status.unknown, details: `failed to fetch oauth token: unexpected status from POST request to "${realm}": 403` });
    const anonymous = await engineFor(auth({ host: machine().host }));
    expect((await statusOf(fetchToken(anonymous, { realm }))).details).toMatch(/^failed to fetch anonymous token: /);
  });

  test("a static registry token is given as it is", async () => {
    const engine = await engineFor(auth({ host: configured({ registrytoken: "static" }).host }));
    expect(await fetchToken(engine, { realm: "http://127.0.0.1:1" })).toEqual({ token: "static", expiresIn: 60n, issuedAt: 0n });
  });

  test("redirects are followed; another host gets no login", async () => {
    const far = await tokenServer(() => [200, { token: "far" }]);
    const near = await tokenServer(({ method }) => (method === "POST" ? [404, ""] : [307, "", { location: far.realm.replace("127.0.0.1", "localhost") }]));
    const engine = await engineFor(auth({ host: configured({ auth: base64("u:p") }).host }));
    expect((await fetchToken(engine, { realm: near.realm })).token).toBe("far");
    expect(far.asked[0]?.authorization).toBeUndefined();
  });

  test("what is told of a token names the scopes", async () => {
    const { realm } = await tokenServer(() => [200, { access_token: "T" }]);
    const told: string[] = [];
    const engine = await engineFor(auth({ host: configured({ auth: base64("u:p") }).host, onUse: (message) => told.push(message) }));
    await fetchToken(engine, { realm, scopes: ["repository:a/b:pull", "repository:c:pull,push"] });
    expect(told).toEqual(["[auth] a/b:pull c:pull,push token for r.test"]);
  });
});

describe("token authority", () => {
  const publicKey = (engine: Engine, salt: Uint8Array, host = "r.test"): Promise<wire.GetTokenAuthorityResponse> =>
    engine.unary({
      path: "/moby.filesync.v1.Auth/GetTokenAuthority",
      request: wire.GetTokenAuthorityRequest,
      response: wire.GetTokenAuthorityResponse,
      message: { host, salt },
    });

  test("the same user signs with the same key for a salt; the seed is kept in a private file", async () => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "r.test": { auth: base64("u:p") } } });
    const salt = randomBytes(32);
    const first = await engineFor(auth({ host: at.host }));
    const { publicKey: key } = await publicKey(first, salt);
    const second = await engineFor(auth({ host: at.host }));
    expect((await publicKey(second, salt)).publicKey).toEqual(key);
    expect((await publicKey(second, randomBytes(32))).publicKey).not.toEqual(key);

    const payload = randomBytes(32);
    const { signed } = await second.unary({
      path: "/moby.filesync.v1.Auth/VerifyTokenAuthority",
      request: wire.VerifyTokenAuthorityRequest,
      response: wire.VerifyTokenAuthorityResponse,
      message: { host: "r.test", payload, salt },
    });
    const spki = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(key).toString("base64url") }, format: "jwk" });
    expect(Buffer.from(signed.subarray(64))).toEqual(payload);
    expect(verify(undefined, payload, spki, signed.subarray(0, 64))).toBe(true);

    const seeds = join(at.home, ".docker/.token_seed");
    expect(statSync(seeds).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(seeds, "utf8"))).toEqual({ "r.test": { Seed: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/) as string } });
  });

  test("everyone without credentials has the same key", async () => {
    const salt = Buffer.alloc(32, 7);
    const one = await publicKey(await engineFor(auth({ host: machine().host })), salt);
    const two = await publicKey(await engineFor(auth({ host: machine().host })), salt);
    expect(one).toEqual(two);
  });

  test("BUILDKIT_NO_CLIENT_TOKEN leaves tokens to the engine", async () => {
    const engine = await engineFor(auth({ host: machine({ BUILDKIT_NO_CLIENT_TOKEN: "1" }).host }));
    expect(await statusOf(publicKey(engine, Buffer.alloc(32)))).toEqual({ code: status.unavailable, details: "client side tokens disabled" });
  });
});

describe("the header for docker engines", () => {
  test("holds what is known in the engine's form", async () => {
    const at = machine();
    at.file(".docker/config.json", { auths: { "https://index.docker.io/v1/": { auth: base64("u:p>>>?") }, "r.test": { identitytoken: "idt" } } });
    const decode = async (registry: string): Promise<unknown> => JSON.parse(Buffer.from(await registryAuth(at.host, registry), "base64url").toString());
    expect(await decode("docker.io")).toEqual({ username: "u", password: "p>>>?", serveraddress: "https://index.docker.io/v1/" });
    expect(await decode("r.test")).toEqual({ serveraddress: "r.test", identitytoken: "idt" });
    expect(await decode("none.test")).toEqual({ serveraddress: "none.test" });
    expect(await registryAuth(at.host, "docker.io")).toMatch(/^[A-Za-z0-9_=-]+$/);
  });
});
