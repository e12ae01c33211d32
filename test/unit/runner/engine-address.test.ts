import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Host } from "../../../src/host.ts";
import { nodeHost } from "../../../src/node-host.ts";
import { buildkitDriver, isBuildkitAddress } from "../../../src/runner/engine/buildkit-address.ts";
import { buildNodeId, currentBuilder, readBuilder, recordActivity, storeRoot } from "../../../src/runner/engine/builders.ts";
import { currentContextName, currentEndpointKey, findContext } from "../../../src/runner/engine/docker-context.ts";
import { resolveBuilder } from "../../../src/runner/engine/resolve-builder.ts";
import { sshCommand } from "../../../src/runner/engine/ssh.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "engine-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const host = (env: Record<string, string> = {}): Host => ({ ...nodeHost(), env: { PATH: "", ...env }, home, cwd: home });

function file(path: string, text: string | object): void {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof text === "string" ? text : JSON.stringify(text));
}

function context(name: string, dockerHost: string): void {
  const id = createHash("sha256").update(name).digest("hex");
  file(`.docker/contexts/meta/${id}/meta.json`, { Name: name, Metadata: {}, Endpoints: { docker: { Host: dockerHost, SkipTLSVerify: false } } });
}

describe("docker contexts", () => {
  test("DOCKER_HOST means default, then DOCKER_CONTEXT, then the configuration", () => {
    file(".docker/config.json", { currentContext: "far" });
    expect(currentContextName(host())).toBe("far");
    expect(currentContextName(host({ DOCKER_CONTEXT: "near" }))).toBe("near");
    expect(currentContextName(host({ DOCKER_CONTEXT: "near", DOCKER_HOST: "tcp://h:1" }))).toBe("default");
    expect(currentEndpointKey(host({ DOCKER_HOST: "tcp://h:1" }))).toBe("tcp://h:1");
    expect(currentEndpointKey(host())).toBe("far");
  });

  test("contexts are read from disk with their certificates", () => {
    context("far", "tcp://far:2376");
    const id = createHash("sha256").update("far").digest("hex");
    file(`.docker/contexts/tls/${id}/docker/ca.pem`, "CA");
    expect(findContext(host(), "far")).toEqual({ name: "far", host: "tcp://far:2376", tls: { ca: Buffer.from("CA"), skipVerify: false } });
    expect(findContext(host(), "other")).toBeUndefined();
    expect(findContext(host(), "default")).toEqual({ name: "default", host: "unix:///var/run/docker.sock" });
  });
});

describe("builder store", () => {
  const builder = {
    Name: "b",
    Driver: "remote",
    Nodes: [{ Name: "b0", Endpoint: "unix:///x", Platforms: null, DriverOpts: null, Flags: null, Files: null }],
    Dynamic: false,
  };

  test("the current builder is global, or belongs to the current endpoint, or is the endpoint's default", () => {
    file(".docker/buildx/instances/b", builder);
    expect(currentBuilder(host())).toBeUndefined();
    file(".docker/buildx/current", { Key: "tcp://other", Name: "b", Global: true });
    expect(currentBuilder(host())).toBe("b");
    file(".docker/buildx/current", { Key: "tcp://other", Name: "b", Global: false });
    expect(currentBuilder(host())).toBeUndefined();
    expect(currentBuilder(host({ DOCKER_HOST: "tcp://other" }))).toBe("b");
    file(".docker/buildx/current", { Key: "unix:///var/run/docker.sock", Name: "", Global: false });
    expect(currentBuilder(host())).toBeUndefined();
    rmSync(join(home, ".docker/buildx/current"));
    const hash = createHash("sha256").update("unix:///var/run/docker.sock").digest("hex").slice(0, 20);
    file(`.docker/buildx/defaults/${hash}`, "b");
    expect(currentBuilder(host())).toBe("b");
  });

  test("names are lower-cased for the file, and bad ones are refused", () => {
    file(".docker/buildx/instances/b", builder);
    expect(readBuilder(host(), "B")).toEqual(builder);
    expect(() => readBuilder(host(), "../b")).toThrow("invalid name ../b, name needs to start with a letter and may not contain symbols, except ._-");
  });

  test("the node id is made once and kept; activity is a time in seconds", () => {
    const id = buildNodeId(host());
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(buildNodeId(host())).toBe(id);
    recordActivity({ ...host(), now: () => 0 }, "B");
    expect(Buffer.from(host().readFile(`${storeRoot(host())}/activity/b`)).toString()).toBe("1970-01-01T00:00:00Z");
  });

  test("BUILDX_CONFIG and DOCKER_CONFIG move the store", () => {
    expect(storeRoot(host({ DOCKER_CONFIG: "/d" }))).toBe("/d/buildx");
    expect(storeRoot(host({ DOCKER_CONFIG: "/d", BUILDX_CONFIG: "/b" }))).toBe("/b");
  });
});

describe("choosing a builder", () => {
  test("an address, a stored name, an unknown one", async () => {
    expect(await resolveBuilder(host(), "unix:///x.sock")).toMatchObject({
      name: "remote",
      driver: "remote",
      nodes: [{ driver: { endpoint: "unix:///x.sock" } }],
    });
    file(".docker/buildx/instances/two", {
      Name: "two",
      Driver: "remote",
      Dynamic: false,
      Nodes: [
        { Name: "two0", Endpoint: "tcp://a:1", Platforms: [{ architecture: "amd64", os: "linux" }], DriverOpts: { "default-load": "true" } },
        { Name: "two1", Endpoint: "tcp://b:1", Platforms: [{ architecture: "arm", os: "linux", variant: "v7" }], DriverOpts: null },
      ],
    });
    expect(await resolveBuilder(host({ BUILDX_BUILDER: "two" }), undefined)).toMatchObject({
      name: "two",
      stored: true,
      nodes: [
        { name: "two0", platforms: ["linux/amd64"], defaultLoad: true },
        { name: "two1", platforms: ["linux/arm/v7"], defaultLoad: false },
      ],
    });
    await expect(resolveBuilder(host(), "nope")).rejects.toThrow('no builder "nope" found');
  });

  test("a docker context other than the current one is refused", async () => {
    context("far", "tcp://far:2376");
    await expect(resolveBuilder(host(), "far")).rejects.toThrow('use `docker --context=far buildx` to switch to context "far"');
  });

  test("a DOCKER_HOST that does not answer is an error, though BUILDKIT_HOST is set", async () => {
    const env = { DOCKER_HOST: `unix://${home}/none.sock`, BUILDKIT_HOST: "unix:///x.sock" };
    await expect(resolveBuilder(host(env), undefined)).rejects.toThrow(`failed to connect to unix://${home}/none.sock: no such file or directory`);
  });
});

describe("addresses", () => {
  test("which texts are addresses", () => {
    expect(["unix:///x", "tcp://h:1", "kube-pod://p", "docker-container://c", "ssh://h"].every(isBuildkitAddress)).toBe(true);
    expect(["builder", "http://x", "unix"].some(isBuildkitAddress)).toBe(false);
  });

  test("TLS options are checked as the reference does", () => {
    const tcp = (options: Record<string, string>): unknown => buildkitDriver("tcp://h:1", host(), options);
    expect(() => tcp({ cert: "/c" })).toThrow("tls enabled, but missing keys cacert, key");
    expect(() => tcp({ cacert: "ca.pem" })).toThrow("non-absolute path 'ca.pem' provided for cacert");
    expect(() => tcp({ foo: "1" })).toThrow("invalid driver option foo for remote driver");
    expect(() => buildkitDriver("http://h:1", host())).toThrow("unrecognized url scheme http");
  });

  test("the authority is the endpoint's, or localhost for sockets", () => {
    expect(buildkitDriver("tcp://h:1234", host()).authority).toBe("h:1234");
    expect(buildkitDriver("unix:///x", host()).authority).toBe("localhost");
  });

  test("pod and container names that could be options are refused", () => {
    expect(() => buildkitDriver("kube-pod://-x", host())).toThrow('unsupported pod name "-x"');
    expect(() => buildkitDriver("kube-pod://a_b", host())).toThrow('unsupported pod name "a_b"');
    expect(() => buildkitDriver("podman-container://-x", host())).toThrow("invalid container name in podman-container://-x");
  });

  test("ssh addresses become a child's command line", () => {
    expect(sshCommand("ssh://me@host:22/run/b.sock", (socket) => ["buildctl", socket])).toEqual({
      command: "ssh",
      arguments: ["-l", "me", "-p", "22", "--", "host", "buildctl", "/run/b.sock"],
      endpoint: "ssh://me@host:22/run/b.sock",
    });
    expect(() => sshCommand("ssh://me:pw@host", [])).toThrow("plain-text password is not supported");
    expect(() => sshCommand("ssh://host?x=1", [])).toThrow('extra query after the host: "x=1"');
    expect(() => sshCommand("ssh://host#f", [])).toThrow('extra fragment after the host: "f"');
  });
});
