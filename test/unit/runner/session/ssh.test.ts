import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { decodeBytesMessage, encodeBytesMessage } from "../../../../src/runner/buildkit/bytes-message.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { CheckAgentRequest, CheckAgentResponse } from "../../../../src/runner/buildkit/wire/ssh.ts";
import { frame, MessageReader, SshReader, sshString } from "../../../../src/runner/session/ssh-agent.ts";
import { ssh } from "../../../../src/runner/session/ssh.ts";
import { engineFor, quietHost, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const check = (engine: Engine, id: string): Promise<unknown> =>
  engine.unary({ path: "/moby.sshforward.v1.SSH/CheckAgent", request: CheckAgentRequest, response: CheckAgentResponse, message: { id } });

interface Connection {
  /** Sends a request and gives the answer; undefined when the session has ended the connection. */
  ask(request: Uint8Array): Promise<Buffer | undefined>;
  end(): Promise<void>;
}

/** One connection of a step to an agent, in as many pieces as `pieceSize` makes. */
function connectionOf(engine: Engine, id?: string, pieceSize = 1000): Connection {
  const stream = engine.stream("/moby.sshforward.v1.SSH/ForwardAgent", id === undefined ? {} : { "buildkit.ssh.id": id });
  const reader = new MessageReader(1 << 24);
  const waiting: ((answer: Buffer | undefined) => void)[] = [];
  stream.on("data", (message: Buffer) => {
    for (const answer of reader.push(decodeBytesMessage(message))) waiting.shift()?.(answer);
  });
  const over = new Promise<void>((resolve) => {
    stream.on("error", () => undefined);
    stream.on("status", () => resolve());
  });
  void over.then(() => {
    for (const tell of waiting) tell(undefined);
  });
  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        const bytes = frame(request);
        for (let at = 0; at < bytes.length; at += pieceSize) stream.write(encodeBytesMessage(bytes.subarray(at, at + pieceSize)));
      }),
    end: async () => {
      stream.end();
      await over;
    },
  };
}

const list = Buffer.of(11);
const signRequest = (blob: Buffer, data: Buffer, flags = 0): Buffer =>
  Buffer.concat([Buffer.of(13), sshString(blob), sshString(data), Buffer.from([0, 0, 0, flags])]);

function listed(answer: Buffer | undefined): readonly Buffer[] {
  const reader = new SshReader((answer ?? Buffer.alloc(1)).subarray(1));
  return Array.from({ length: reader.uint32() }, () => {
    const blob = reader.bytes();
    reader.bytes();
    return blob;
  });
}

function signatureOf(answer: Buffer | undefined): { algorithm: string; bytes: Buffer } {
  expect(answer?.[0]).toBe(14);
  const inner = new SshReader(new SshReader((answer ?? Buffer.alloc(0)).subarray(1)).bytes());
  return { algorithm: inner.text(), bytes: inner.bytes() };
}

/** An agent on a socket that logs requests and answers each as told. */
async function agentSocket(directory: string, answer: (request: Buffer, socket: Socket) => Buffer | undefined): Promise<{ path: string; asked: Buffer[] }> {
  const asked: Buffer[] = [];
  const server = createServer((socket) => {
    const reader = new MessageReader();
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      for (const request of reader.push(chunk)) {
        asked.push(request);
        const reply = answer(request, socket);
        if (reply) socket.write(frame(reply));
      }
    });
  });
  const path = join(directory, "agent");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { path, asked };
}

const data = Buffer.from("to be signed");

/** A private key as OpenSSH writes it. */
function openSshFile(key: KeyObject, cipher = "none"): string {
  const part = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");
  const integer = (value: string | undefined): Buffer => sshString((part(value)[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), part(value)]) : part(value));
  const jwk = key.export({ format: "jwk" });
  const names: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
  const fields = (): readonly Buffer[] => {
    if (jwk.kty === "RSA") return [sshString("ssh-rsa"), ...[jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(integer)];
    if (jwk.kty === "OKP") return [sshString("ssh-ed25519"), sshString(part(jwk.x)), sshString(Buffer.concat([part(jwk.d), part(jwk.x)]))];
    const curve = names[jwk.crv ?? ""] ?? "";
    return [sshString(`ecdsa-sha2-${curve}`), sshString(curve), sshString(Buffer.concat([Buffer.of(4), part(jwk.x), part(jwk.y)])), integer(jwk.d)];
  };
  const secret = Buffer.concat([Buffer.from("deadbeefdeadbeef", "hex"), ...fields(), sshString("me@here")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshString(cipher),
    sshString(cipher === "none" ? "none" : "bcrypt"),
    sshString(""),
    Buffer.of(0, 0, 0, 1),
    sshString("public"),
    sshString(Buffer.concat([secret, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${file.toString("base64").replace(/.{70}/g, "$&\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

describe("agents on sockets", () => {
  test("list and sign reach the agent, everything else is refused here", async () => {
    const home = temporaryDirectory();
    const { path, asked } = await agentSocket(home, (request) => Buffer.concat([Buffer.of(99), request]));
    const engine = await engineFor(ssh({ agents: [{ id: "a", paths: [path] }], host: quietHost(home) }));
    const connection = connectionOf(engine, "a", 3);
    expect(await connection.ask(list)).toEqual(Buffer.of(99, 11));
    expect(await connection.ask(Buffer.from([13, 1, 2]))).toEqual(Buffer.of(99, 13, 1, 2));
    for (const type of [1, 9, 17, 18, 19, 20, 22, 23, 25, 26, 200]) expect(await connection.ask(Buffer.of(type, 1))).toEqual(Buffer.of(5));
    expect(await connection.ask(Buffer.of(27, 1))).toEqual(Buffer.of(28));
    expect(asked).toEqual([Buffer.of(11), Buffer.of(13, 1, 2)]);
    await connection.end();
  });

  test("each connection of a step is one to the agent, which ends with it", async () => {
    const home = temporaryDirectory();
    let open = 0;
    let ended: () => void;
    const allEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { path } = await agentSocket(home, (_request, socket) => {
      open++;
      socket.once("close", () => {
        if (--open === 0) ended();
      });
      return Buffer.of(12);
    });
    const engine = await engineFor(ssh({ agents: [{ id: "", paths: [path] }], host: quietHost(home) }));
    const connections = [connectionOf(engine), connectionOf(engine, "default")];
    await Promise.all(connections.map((connection) => connection.ask(list)));
    expect(open).toBe(2);
    await Promise.all(connections.map((connection) => connection.end()));
    await allEnded;
  });

  test("without paths SSH_AUTH_SOCK is used; the empty id is the default one", async () => {
    const home = temporaryDirectory();
    const { path } = await agentSocket(home, () => Buffer.of(12, 0, 0, 0, 0));
    const engine = await engineFor(ssh({ agents: [{ id: "default", paths: [] }], host: quietHost(home, { SSH_AUTH_SOCK: path }) }));
    await check(engine, "");
    expect(listed(await connectionOf(engine, "").ask(list))).toEqual([]);
    expect(await statusOf(check(engine, "other"))).toEqual({ code: status.unknown, details: "unset ssh forward key other" });
  });

  test("an agent that leaves ends the connection; one that is gone fails it", async () => {
    const home = temporaryDirectory();
    const { path } = await agentSocket(home, (_request, socket) => {
      socket.destroy();
      return undefined;
    });
    const engine = await engineFor(ssh({ agents: [{ id: "a", paths: [path] }], host: quietHost(home) }));
    expect(await connectionOf(engine, "a").ask(list)).toBeUndefined();

    const gone = await engineFor(ssh({ agents: [{ id: "a", paths: [] }], host: quietHost(home, { SSH_AUTH_SOCK: path }) }));
    const stream = gone.stream("/moby.sshforward.v1.SSH/ForwardAgent", { "buildkit.ssh.id": "nope" });
    const [error] = (await once(stream, "error")) as [Error & { details: string }];
    expect(error.details).toBe("unset ssh forward key nope");
  });

  test("messages beyond the agent protocol's size end the connection", async () => {
    const home = temporaryDirectory();
    const { path, asked } = await agentSocket(home, () => Buffer.of(12));
    const engine = await engineFor(ssh({ agents: [{ id: "a", paths: [path] }], host: quietHost(home) }));
    const stream = engine.stream("/moby.sshforward.v1.SSH/ForwardAgent", { "buildkit.ssh.id": "a" });
    stream.write(encodeBytesMessage(Buffer.from([0x7f, 0xff, 0xff, 0xff, 11])));
    const [error] = (await once(stream, "error")) as [Error & { code: number }];
    expect(error.code).toBe(status.invalidArgument);
    expect(asked).toEqual([]);
  });
});

describe("key files", () => {
  const kinds: readonly [name: string, key: KeyObject, flags: number, algorithm: string, hash: string | undefined][] = [
    ["ed25519", generateKeyPairSync("ed25519").privateKey, 0, "ssh-ed25519", undefined],
    ["rsa", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, 4, "rsa-sha2-512", "sha512"],
    ["rsa with sha256", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, 2, "rsa-sha2-256", "sha256"],
    ["rsa with sha1", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, 0, "ssh-rsa", "sha1"],
    ["nistp256", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, 0, "ecdsa-sha2-nistp256", "sha256"],
    ["nistp384", generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey, 0, "ecdsa-sha2-nistp384", "sha384"],
    ["nistp521", generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey, 0, "ecdsa-sha2-nistp521", "sha512"],
  ];
  const forms = kinds.flatMap(([name, key, flags, algorithm, hash]) => {
    const pem = (type: "pkcs8" | "pkcs1" | "sec1"): string => key.export({ format: "pem", type }) as string;
    const old = key.asymmetricKeyType === "rsa" ? [["PKCS 1", pem("pkcs1")]] : key.asymmetricKeyType === "ec" ? [["SEC 1", pem("sec1")]] : [];
    return [["OpenSSH", openSshFile(key)], ["PKCS 8", pem("pkcs8")], ...old].map(([form = "", text = ""]) => ({
      name,
      form,
      text,
      key,
      flags,
      algorithm,
      hash,
    }));
  });

  test.each(forms)("a $name key in $form form is listed and signs", async ({ text, key, flags, algorithm, hash }) => {
    const home = temporaryDirectory();
    writeFileSync(join(home, "key"), `comment above\n${text}`);
    const engine = await engineFor(ssh({ agents: [{ id: "k", paths: [join(home, "key")] }], host: quietHost(home) }));
    const connection = connectionOf(engine, "k");
    const blobs = listed(await connection.ask(list));
    expect(blobs).toHaveLength(1);
    const [blob = Buffer.alloc(0)] = blobs;
    const signature = signatureOf(await connection.ask(signRequest(blob, data, flags)));
    expect(signature.algorithm).toBe(algorithm);
    if (key.asymmetricKeyType === "ec") {
      const size = Math.ceil(
        (key.asymmetricKeyDetails?.namedCurve === "secp521r1" ? 521 : key.asymmetricKeyDetails?.namedCurve === "secp384r1" ? 384 : 256) / 8,
      );
      const pair = new SshReader(signature.bytes);
      const fixed = (bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(size), bytes]).subarray(-size);
      const bytes = Buffer.concat([fixed(pair.bytes()), fixed(pair.bytes())]);
      expect(verify(hash, data, { key: createPublicKey(key), dsaEncoding: "ieee-p1363" }, bytes)).toBe(true);
    } else expect(verify(hash, data, createPublicKey(key), signature.bytes)).toBe(true);
    await connection.end();
  });

  test("several files are one agent; a key it has not does not sign", async () => {
    const home = temporaryDirectory();
    const paths = ["one", "two"].map((name) => {
      writeFileSync(join(home, name), openSshFile(generateKeyPairSync("ed25519").privateKey));
      return join(home, name);
    });
    const engine = await engineFor(ssh({ agents: [{ id: "k", paths }], host: quietHost(home) }));
    const connection = connectionOf(engine, "k");
    expect(listed(await connection.ask(list))).toHaveLength(2);
    expect(await connection.ask(signRequest(Buffer.from("other"), data))).toEqual(Buffer.of(5));
    expect(await connection.ask(Buffer.of(13, 0, 0))).toEqual(Buffer.of(5));
    await connection.end();
  });

  test("keys that cannot be used are refused with a reason and without their text", () => {
    const home = temporaryDirectory();
    const { privateKey } = generateKeyPairSync("ed25519");
    const sealed = privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" }) as string;
    const cases: Record<string, readonly [text: string, reason: string]> = {
      empty: ["", "ssh: no key found"],
      text: ["s3cret", "ssh: no key found"],
      sealed: [sealed, "ssh: this private key is passphrase protected"],
      openssh: [openSshFile(privateKey, "aes256-ctr"), "ssh: this private key is passphrase protected"],
      old: [
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        "ssh: this private key is passphrase protected",
      ],
      cut: [openSshFile(privateKey).replace(/^(-.*\n.{40}).*?(\n-)/s, "$1$2"), "ssh: malformed OpenSSH key"],
      broken: ["-----BEGIN PRIVATE KEY-----\ns3cret==\n-----END PRIVATE KEY-----\n", "ssh: malformed private key"],
      certificate: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 'ssh: unsupported key type "CERTIFICATE"'],
    };
    for (const [name, [text, reason]] of Object.entries(cases)) {
      const path = join(home, name);
      writeFileSync(path, text);
      expect(() => ssh({ agents: [{ id: "k", paths: [path] }], host: quietHost(home) })).toThrow(
        `failed to convert agent config {k [${path}] false}: failed to convert agent config for ID: "k": failed to parse ${path}: ${reason}`,
      );
    }
  });
});

describe("what cannot be combined", () => {
  test("keys and sockets, two sockets, two agents of one id, no socket", async () => {
    const home = temporaryDirectory();
    const key = join(home, "key");
    writeFileSync(key, openSshFile(generateKeyPairSync("ed25519").privateKey));
    const { path } = await agentSocket(home, () => Buffer.of(5));
    const host = quietHost(home);
    const open =
      (...agents: readonly (readonly [string, readonly string[]])[]) =>
      () =>
        ssh({ agents: agents.map(([id, paths]) => ({ id, paths })), host });
    expect(open(["a", [key, path]])).toThrow("invalid combination of keys and sockets");
    expect(open(["a", [path, path]])).toThrow("only single socket allowed");
    expect(open(["", [key]], ["default", [key]])).toThrow('duplicate agent ID "default"');
    expect(open(["a", []])).toThrow("failed to convert agent config {a [] false}: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set");
    expect(open(["a", [join(home, "none")]])).toThrow(`stat ${join(home, "none")}: no such file or directory`);
  });
});
