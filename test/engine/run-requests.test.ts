/**
 * For targets that between them use every attribute, the engine is asked the same as by the reference: as recorded, and, where
 * the reference is installed, as it asks now.
 *
 *   TSBAKE_RECORD=1 npx vitest run --project engine test/engine/run-requests.test.ts    records the requests anew
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { SolveRequest } from "../../src/runner/buildkit/wire/control.ts";
import { SolveRequest as GatewayRequest } from "../../src/runner/buildkit/wire/gateway.ts";
import { tarArchive } from "../../src/runner/engine/tar.ts";
import { serveRepository } from "./git-server.ts";
import { describeEngines, expectSuccess, type EngineRig, type Run } from "./rig.ts";
import { storeBuilder } from "./run-builder.ts";
import { startRecorder, type Recorder } from "./run-recorder.ts";

const controlSolve = "/moby.buildkit.v1.Control/Solve";
const gatewaySolve = "/moby.buildkit.v1.frontend.LLBBridge/Solve";

type Target = Readonly<Record<string, unknown>>;

const inline = "FROM scratch\nCOPY file /\n";

/** Each builds in no time; what is asked is what matters. */
function targets({ registry, remote, git }: { readonly registry: string; readonly remote: string; readonly git: string }): Readonly<Record<string, Target>> {
  return {
    plain: {},
    arguments: { args: { A: "1", HTTP_PROXY: "http://x" }, labels: { l: "x", m: "a,b" } },
    stage: { target: "second", "dockerfile-inline": `FROM scratch AS first\nFROM scratch AS second\n${inline}` },
    uncached: { "no-cache": true },
    filtered: { "no-cache-filter": ["first", "second"] },
    pulled: { pull: true },
    isolated: { network: "none" },
    hosts: { "extra-hosts": { h: "1.2.3.4", v: "[::1]", m: "1.1.1.1,2.2.2.2" } },
    limits: {
      "shm-size": "64m",
      ulimits: ["nofile=64:128", "cpu=9"],
      resources: { memory: "1g", "memory-swap": "2g", "cpu-shares": 5, "cpu-quota": 90000, "cpuset-cpus": "0" },
    },
    tagged: { tags: ["example.com/a:1", "example.com/a:2"], output: ["type=image"] },
    pushed: { tags: [`${registry}/req-pushed`], output: ["type=registry"] },
    digested: { output: [`type=image,name=${registry}/req-digest,push=true,push-by-digest=true,name-canonical=true`] },
    archive: { tags: ["example.com/o:1"], output: ["type=oci,dest=out/o.tar"] },
    layout: { tags: ["example.com/o:1"], output: ["type=oci,dest=out/layout,tar=false"] },
    image: { tags: ["example.com/d:1"], output: ["type=docker,dest=out/d.tar"] },
    files: { output: ["type=local,dest=out/files"] },
    tar: { output: ["type=tar,dest=out/f.tar"] },
    several: { output: ["type=tar,dest=out/s.tar", "type=local,dest=out/several", "type=oci,dest=out/s.oci.tar"] },
    compressed: { output: ["type=oci,dest=out/z.tar,compression=zstd,compression-level=5,force-compression=true,oci-mediatypes=true"] },
    reproducible: { args: { SOURCE_DATE_EPOCH: "1700000000" }, output: ["type=oci,dest=out/r.tar,rewrite-timestamp=true"] },
    annotated: {
      platforms: ["linux/amd64", "linux/arm64"],
      annotations: ["a=1", "index:b=2", "manifest[linux/amd64]:c=3", "manifest-descriptor[linux/arm64]:d=4", "index,manifest:e=5"],
      output: ["type=oci,dest=out/a.tar"],
    },
    "provenance-max": { attest: ["type=provenance,mode=max"] },
    "provenance-v1": { attest: ["type=provenance,mode=min,version=v1"] },
    "provenance-off": { attest: ["type=provenance,disabled=true", "type=sbom,disabled=true"] },
    platforms: { platforms: ["linux/amd64", "linux/arm64"] },
    variants: { platforms: ["linux/arm64/v8", "linux/arm", "linux/amd64/v2"] },
    platform: { platforms: ["linux/arm64"] },
    "forced-platforms": { args: { BUILDKIT_MULTI_PLATFORM: "1" } },
    directories: { contexts: { one: "sub", context: "other", dockerfile: "sub" } },
    scratch: { contexts: { base: "docker-image://scratch" } },
    child: { contexts: { base: "target:plain" } },
    "platform-child": { contexts: { base: "target:platforms" }, platforms: ["linux/amd64", "linux/arm64"] },
    "other-dockerfile": { context: "sub", dockerfile: "../Dockerfile", "dockerfile-inline": null },
    "lower-case": { context: "lower", "dockerfile-inline": null },
    "remote-context": { context: `${remote}/context.tar`, "dockerfile-inline": null },
    "git-context": { context: `${git}?branch=main`, dockerfile: "sub/Dockerfile", "dockerfile-inline": null },
    "git-contexts": { contexts: { repository: `${git}?branch=main&subdir=sub` } },
    "inline-cache": { args: { BUILDKIT_INLINE_CACHE: "1" }, tags: ["example.com/c:1"], output: ["type=image"], "cache-to": ["type=inline"] },
    "local-cache": { "cache-to": ["type=local,dest=out/cache,mode=max,tag=t,compression=zstd"] },
    "registry-cache": {
      "cache-to": [`type=registry,ref=${registry}/req-cache,mode=max,image-manifest=false`],
      "cache-from": [`${registry}/req-cache`, "user/app:cache"],
    },
    "github-cache": { "cache-from": ["type=gha,scope=s", "type=gha,url=http://127.0.0.1:1/,token=t"] },
    "object-cache": {
      "cache-from": [
        "type=s3,bucket=b,region=r,endpoint_url=http://127.0.0.1:1,use_path_style=true",
        "type=s3,bucket=b,region=r,endpoint_url=http://127.0.0.1:1,access_key_id=k,secret_access_key=s",
        "type=azblob,account_url=http://127.0.0.1:1,name=n,secret_access_key=c2VjcmV0",
      ],
    },
    secrets: { secret: ["id=s,src=file", "id=e,env=HOME"], ssh: [] },
  };
}

interface Sent {
  readonly control: object;
  readonly gateway: object;
}

/** What was sent for each target; what is random or differs between two programs has a name instead. */
function requestsOf({ messages }: Recorder): ReadonlyMap<string, Sent> {
  const plain = (attributes: Readonly<Record<string, string>>): Record<string, string> => {
    const entries = Object.entries(attributes).map(([key, value]): [string, string] => {
      if (key.startsWith("local-sessionid:")) return [key, "SESSION"];
      if (key.startsWith("sharedkey:")) return [key, value.replace(/:[0-9a-f]{16}$/, ":NODE")];
      return [key, value];
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const name = (attributes: Readonly<Record<string, string>>): string => attributes["label:target"] ?? "";
  const control = new Map<string, object>();
  for (const bytes of messages.get(controlSolve) ?? []) {
    // For remote contexts the reference offers an evaluator even where it has found no policy.
    const { ref: _ref, session: _session, sourcePolicySession: _policy, ...request } = SolveRequest.decode(bytes);
    if (request.frontendAttrs["label:target"] === undefined) continue;
    control.set(name(request.frontendAttrs), { ...request, frontendAttrs: plain(request.frontendAttrs) });
  }
  const sent = new Map<string, Sent>();
  for (const bytes of messages.get(gatewaySolve) ?? []) {
    const { frontendInputs, ...request } = GatewayRequest.decode(bytes);
    const target = name(request.frontendOpt);
    if (request.frontendOpt["label:target"] === undefined) continue;
    // The reference writes definitions anew, we pass them on as they came: their keys tell what they are.
    const inputs = Object.keys(frontendInputs).sort();
    sent.set(target, { control: control.get(target) ?? {}, gateway: { ...request, frontendOpt: plain(request.frontendOpt), inputs } });
  }
  return sent;
}

type Requests = Readonly<Record<string, unknown>>;

const RECORDED = join(import.meta.dirname, "run-requests.json.gz");

/** The requests as JSON, with names for what differs between machines and runs. */
function anywhere(requests: ReadonlyMap<string, Sent>, places: Readonly<Record<string, string>>): Requests {
  let text = JSON.stringify(Object.fromEntries(requests), (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  for (const [place, name] of Object.entries(places)) text = text.replaceAll(place, name);
  return JSON.parse(text) as Requests;
}

/** A server that gives a build context as an archive. */
async function serveContext(): Promise<string> {
  const archive = tarArchive([
    { name: "Dockerfile", data: Buffer.from(inline) },
    { name: "file", data: Buffer.from("file\n") },
  ]);
  const server = createServer((_request, response) => void response.end(archive));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The definition of the targets, each of which is labelled with its name. */
function definitionOf(all: Readonly<Record<string, Target>>): string {
  const target = Object.fromEntries(
    Object.entries(all).map(([name, fields]) => {
      const { "dockerfile-inline": text = inline, labels = {}, ...rest } = fields as Target & { labels?: object };
      return [name, { ...(text === null ? {} : { "dockerfile-inline": text }), labels: { ...labels, target: name }, ...rest }];
    }),
  );
  return JSON.stringify({ group: { default: { targets: Object.keys(all) } }, target });
}

function project(engine: EngineRig, all: Readonly<Record<string, Target>>): string {
  const cwd = engine.project({
    "docker-bake.json": definitionOf(all),
    Dockerfile: inline,
    file: "file\n",
    "sub/file": "file\n",
    "other/file": "file\n",
    "lower/file": "file\n",
    "lower/dockerfile": inline,
  });
  // The commit is the same one each time.
  const time = { GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z", GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z" };
  const git = (...args: string[]): void =>
    void execFileSync("git", args, { cwd, stdio: "ignore", env: { PATH: process.env["PATH"], HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", ...time } });
  git("init", "-q");
  git("add", "file");
  git("-c", "user.email=a@example.com", "-c", "user.name=a", "commit", "-q", "-m", "first");
  git("remote", "add", "origin", "https://user:password@example.com/a/b.git");
  return cwd;
}

interface Comparison {
  /** Under which name the requests are recorded. */
  readonly record: string;
  readonly targets: Readonly<Record<string, Target>>;
  readonly env: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, string>>;
  /** Where the definition is read, if not here. */
  readonly url?: string;
}

/** Expects the requests of tsbake to be those of the reference. */
async function compare(engine: EngineRig, { record, targets: all, env, places, url }: Comparison): Promise<void> {
  const args = ["--progress=plain", ...(url === undefined ? [] : [url])];
  const cwd = project(engine, all);
  const named = { [engine.registry]: "REGISTRY", ...places, [cwd]: "/PROJECT", [basename(cwd)]: "PROJECT" };
  const ask = async (run: (env: Readonly<Record<string, string>>) => Promise<Run>): Promise<Requests> => {
    const recorder = await startRecorder(engine.address, [controlSolve, gatewaySolve]);
    expectSuccess(await run({ ...env, ...storeBuilder("recorded", [{ endpoint: recorder.address }]) }));
    return anywhere(requestsOf(recorder), named);
  };
  const actual = await ask((environment) => engine.tsbake(args, { cwd, env: environment }));
  expect(Object.keys(actual).sort()).toEqual(Object.keys(all).sort());
  const recordings = JSON.parse(gunzipSync(readFileSync(RECORDED)).toString()) as Readonly<Record<string, Requests>>;
  if (engine.hasReference) {
    const expected = await ask((environment) => engine.reference(args, { cwd, env: environment }));
    for (const [name, sent] of Object.entries(expected)) expect({ [name]: actual[name] }).toEqual({ [name]: sent });
    if (process.env["TSBAKE_RECORD"]) {
      writeFileSync(RECORDED, gzipSync(JSON.stringify({ ...recordings, [record]: expected }), { level: 9 }));
      return;
    }
  }
  const recorded = recordings[record] ?? {};
  for (const [name, sent] of Object.entries(recorded)) expect({ [name]: actual[name] }).toEqual({ [name]: sent });
  expect(Object.keys(recorded).sort()).toEqual(Object.keys(all).sort());
}

describeEngines(
  "requests",
  ["buildkitd"],
  (engine) => {
    const repository = { "sub/Dockerfile": inline, "sub/file": "file\n", file: "file\n" };

    test("are those of the reference, for every attribute", async () => {
      const remote = await serveContext();
      const { url: git } = await serveRepository(repository);
      const env = {
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
        ACTIONS_RUNTIME_TOKEN: "token",
        ACTIONS_CACHE_URL: "http://127.0.0.1:1/",
        BUILDX_GIT_LABELS: "full",
      };
      const all = targets({ registry: engine.registry, remote, git });
      await compare(engine, { record: "attributes", targets: all, env, places: { [remote]: "REMOTE", [git]: "GIT" } });
    });

    test("are those of the reference for git URLs with queries that go as inputs", async () => {
      const { url: git } = await serveRepository(repository);
      const all = {
        plain: { context: `${git}#main`, dockerfile: "sub/Dockerfile", "dockerfile-inline": null },
        context: { context: `${git}?branch=main`, dockerfile: "sub/Dockerfile", "dockerfile-inline": null },
        inline: { context: `${git}?branch=main&keep-git-dir=true` },
        kept: { context: `${git}?branch=main&submodules=false`, args: { BUILDKIT_CONTEXT_KEEP_GIT_DIR: "1" } },
        named: { contexts: { repository: `${git}?branch=main&subdir=sub`, other: `${git}#main` } },
      };
      await compare(engine, { record: "queries", targets: all, env: { BUILDX_SEND_GIT_QUERY_AS_INPUT: "1" }, places: { [git]: "GIT" } });
    });

    test("are those of the reference for a definition in a git repository", async () => {
      const all = {
        plain: { "dockerfile-inline": null, dockerfile: "sub/Dockerfile" },
        inline: {},
        named: { contexts: { repository: ".", here: "cwd://sub" } },
        local: { context: "cwd://other", dockerfile: "Dockerfile" },
        elsewhere: { context: "REMOTE" },
      };
      const { url: other } = await serveRepository(repository);
      const placed = JSON.parse(JSON.stringify(all).replaceAll("REMOTE", other)) as typeof all;
      const { url: git } = await serveRepository({ ...repository, "docker-bake.json": definitionOf(placed) });
      await compare(engine, { record: "remote", targets: placed, env: {}, places: { [git]: "GIT", [other]: "OTHER" }, url: git });
    });
  },
  { needs: ["busybox", "registry"] },
);
