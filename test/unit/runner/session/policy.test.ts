import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { nodeHost } from "../../../../src/node-host.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import * as wire from "../../../../src/runner/buildkit/wire/policy.ts";
import { parseCommit, parseTag } from "../../../../src/runner/session/git-object.ts";
import { findOpa, inputReferences } from "../../../../src/runner/session/opa.ts";
import { importsOf, localSource, readPolicy, remoteSource } from "../../../../src/runner/session/policy-files.ts";
import { describeSource } from "../../../../src/runner/session/policy-input.ts";
import { openPolicies, type OpenPolicies, type PolicyOptions } from "../../../../src/runner/session/policy.ts";
import { engineFor, quietHost, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const metadata = (identifier: string, fields: Partial<wire.SourceMetadata> = {}, attrs: Record<string, string> = {}): wire.SourceMetadata =>
  wire.SourceMetadata.create({ source: { identifier, attrs }, ...fields });
const image = (digest: string, config?: object): Partial<wire.SourceMetadata> => ({
  image: wire.ImageMetadata.create({ digest, config: config ? Buffer.from(JSON.stringify(config)) : new Uint8Array() }),
});

describe("what policies are told", () => {
  test("of an image whose name is all that is known", () => {
    expect(describeSource(metadata("docker-image://docker.io/library/alpine:3.20"), "linux/arm/v7")).toEqual({
      input: {
        image: {
          ref: "docker.io/library/alpine:3.20",
          host: "docker.io",
          repo: "alpine",
          fullRepo: "docker.io/library/alpine",
          tag: "3.20",
          platform: "linux/arm/v7",
          os: "linux",
          arch: "arm",
          variant: "v7",
        },
      },
      askable: ["checksum", "labels", "user", "volumes", "workingDir", "env", "createdTime", "hasProvenance"].map((field) => `input.image.${field}`),
      unverifiable: ["input.image.provenance", "input.image.signatures"],
    });
  });

  test("of images by digest, in other registries, with ports", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const { input, askable } = describeSource(metadata(`docker-image://r.test:5000/team/app@${digest}`), "linux/amd64");
    expect(input).toMatchObject({
      image: { host: "r.test:5000", repo: "r.test:5000/team/app", fullRepo: "r.test:5000/team/app", isCanonical: true, checksum: digest },
    });
    expect(input["image"]).not.toHaveProperty("tag");
    expect(askable).not.toContain("input.image.checksum");
    expect(describeSource(metadata("docker-image://docker.io/docker/dockerfile:1"), "linux/amd64").input).toMatchObject({
      image: { repo: "docker/dockerfile" },
    });
  });

  test("of an image whose configuration is known", () => {
    const config = { created: "2026-01-02T03:04:05.678Z", config: { Labels: { a: "b" }, Env: ["X=1"], User: "me", Volumes: { "/v": {} }, WorkingDir: "/w" } };
    const { input, askable } = describeSource(metadata("docker-image://docker.io/library/a:1", image("sha256:d", config)), "linux/amd64");
    expect(input).toMatchObject({
      image: { checksum: "sha256:d", createdTime: "2026-01-02T03:04:05Z", labels: { a: "b" }, env: ["X=1"], user: "me", volumes: ["/v"], workingDir: "/w" },
    });
    expect(askable).toEqual(["input.image.hasProvenance"]);
  });

  test.each([
    [
      "git://github.com/a/b.git#main:sub",
      {},
      { schema: "https", host: "github.com", remote: "https://github.com/a/b.git", subDir: "sub" },
      ["tagName", "branch", "ref", "checksum", "isAnnotatedTag", "commitChecksum", "isSHA256", "commit", "tag"],
    ],
    [
      "git://github.com/a/b.git#refs/tags/v1",
      {},
      { ref: "refs/tags/v1", tagName: "v1" },
      ["checksum", "isAnnotatedTag", "commitChecksum", "isSHA256", "commit", "tag"],
    ],
    [
      "git://h/r#x",
      { "git.fullurl": "git@github.com:a/b.git" },
      { schema: "ssh", host: "github.com", remote: "git@github.com:a/b.git", fullURL: "git@github.com:a/b.git" },
      undefined,
    ],
    [
      `git://h/r#${"1".repeat(40)}`,
      {},
      { ref: "1".repeat(40), isCommitRef: true, checksum: "1".repeat(40), commitChecksum: "1".repeat(40) },
      ["commit", "tag"],
    ],
    [`git://h/r#${"1".repeat(64)}`, {}, { isSHA256: true }, undefined],
  ])("of git, %s", (identifier, attrs, expected, askable) => {
    const described = describeSource(metadata(identifier, {}, attrs as Record<string, string>), "linux/amd64");
    expect(described.input).toMatchObject({ git: expected });
    if (askable) expect(described.askable).toEqual(askable.map((field) => `input.git.${field}`));
  });

  test("of http, and of local directories", () => {
    expect(describeSource(metadata("https://h.test:8080/a%20b?x=1&x=2", {}, { "http.authheadersecret": "s" }), "linux/amd64")).toEqual({
      input: {
        http: { url: "https://h.test:8080/a%20b?x=1&x=2", schema: "https", host: "h.test:8080", path: "/a b", query: { x: ["1", "2"] }, hasAuth: true },
      },
      askable: ["input.http.checksum"],
      unverifiable: [],
    });
    expect(describeSource(metadata("local://context"), "linux/amd64").input).toEqual({ local: { name: "context" } });
    expect(() => describeSource(metadata("oci-layout://x"), "linux/amd64")).toThrow("unsupported source scheme: oci-layout");
  });
});

describe("git objects", () => {
  const hashed = (type: string, raw: string, algorithm = "sha1"): readonly [Buffer, string] => [
    Buffer.from(raw),
    createHash(algorithm)
      .update(`${type} ${Buffer.byteLength(raw)}\0${raw}`)
      .digest("hex"),
  ];

  test("a commit, with a signature that is no header", () => {
    const raw =
      "tree t1\nparent p1\nparent p2\nauthor Jo <B> Doe <jo@x.test> 1700000000 +0530\ncommitter C <c@x.test> 1700000001 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\nencoding x\n\nsubject\n\nbody\n";
    expect(parseCommit(...hashed("commit", raw))).toEqual({
      tree: "t1",
      parents: ["p1", "p2"],
      author: { name: "Jo <B> Doe", email: "jo@x.test", when: "2023-11-15T03:43:20+05:30" },
      committer: { name: "C", email: "c@x.test", when: "2023-11-14T22:13:21Z" },
      message: "subject\n\nbody",
    });
    expect(parseCommit(...hashed("commit", raw, "sha256")).tree).toBe("t1");
  });

  test("a tag, without the signature behind its message", () => {
    const raw = "object o\ntype commit\ntag v1\ntagger T <t@x.test> 0 -0130\n\nrelease\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n";
    expect(parseTag(...hashed("tag", raw))).toEqual({
      object: "o",
      type: "commit",
      tag: "v1",
      tagger: { name: "T", email: "t@x.test", when: "1969-12-31T22:30:00-01:30" },
      message: "release",
    });
  });

  test("one that is not what its hash names is none", () => {
    const [bytes, hash] = hashed("commit", "tree t\nauthor a\ncommitter c\n\nm\n");
    expect(() => parseCommit(Buffer.concat([bytes, Buffer.from("x")]), hash)).toThrow("checksum mismatch");
    expect(() => parseTag(bytes, hash)).toThrow("checksum mismatch");
    expect(() => parseCommit(...hashed("commit", "author a\ncommitter c\n\n"))).toThrow("missing tree header");
    expect(() => parseCommit(bytes, "abc")).toThrow("unsupported sha length 3");
  });
});

describe("files of policies", () => {
  test("imports are found, read from the context, and become the package they are imported as", async () => {
    const context = temporaryDirectory();
    mkdirSync(join(context, "lib"));
    writeFileSync(join(context, "Dockerfile.rego"), 'package docker\nimport data.lib.rules\nimport rego.v1\nimport data["other"].x as y\n');
    expect(importsOf(readFileSync(join(context, "Dockerfile.rego"), "utf8"))).toEqual([
      ["lib", "rules"],
      ["other", "x"],
    ]);
    writeFileSync(join(context, "lib/rules.rego"), "# head\npackage wrong\nimport data.lib.rules\nx := 1\n");
    mkdirSync(join(context, "other"));
    writeFileSync(join(context, "other/x.rego"), "package other.x\n");
    const modules = await readPolicy(["Dockerfile.rego"], localSource(context, quietHost(context)));
    expect(modules?.map(({ name }) => name)).toEqual(["Dockerfile.rego", "lib/rules.rego", "other/x.rego"]);
    expect(modules?.[1]?.text).toContain("package lib.rules\n");
  });

  test("entries lie in the context or, marked so, in the working directory; what is missing fails", async () => {
    const cwd = temporaryDirectory();
    const context = join(cwd, "ctx");
    mkdirSync(context);
    writeFileSync(join(cwd, "p.rego"), "cwd");
    writeFileSync(join(context, "p.rego"), "context");
    const host = nodeHost({ env: {}, cwd });
    const text = async (file: string): Promise<string | undefined> => (await readPolicy([file], localSource(context, host)))?.[0]?.text;
    expect([await text("p.rego"), await text("cwd://p.rego"), await text(join(cwd, "p.rego"))]).toEqual(["context", "cwd", "cwd"]);
    await expect(text("none.rego")).rejects.toThrow("policy file none.rego not found");
    await expect(text("../p.rego")).rejects.toThrow("is outside the context");
    writeFileSync(join(context, "p.rego"), "import data.missing\n");
    await expect(text("p.rego")).rejects.toThrow("import data.missing not found for module p.rego");
  });

  test("of a remote context are asked for by their path in it; the default one may be missing", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "p.rego"), "cwd");
    const asked: string[] = [];
    const read = (path: string): Promise<string | undefined> => {
      asked.push(path);
      return Promise.resolve({ "sub/Dockerfile.rego": "import data.lib\n", "lib.rego": "package x\n" }[path]);
    };
    const source = remoteSource(read, nodeHost({ env: {}, cwd }));
    expect((await readPolicy(["./sub/Dockerfile.rego"], source, true))?.map(({ name }) => name)).toEqual(["./sub/Dockerfile.rego", "lib.rego"]);
    expect(await readPolicy(["../Dockerfile.rego"], source, true)).toBeUndefined();
    expect(asked).toEqual(["sub/Dockerfile.rego", "lib.rego", "Dockerfile.rego"]);
    expect((await readPolicy(["cwd://p.rego"], source))?.[0]?.text).toBe("cwd");
    await expect(readPolicy(["p.rego"], source)).rejects.toThrow("policy file p.rego not found");
  });
});

test("references to the input are found wherever they are, and where they stop being names", () => {
  const ref = (...parts: readonly string[]): object => ({
    type: "ref",
    value: parts.map((part, i) => (part.startsWith("$") || i === 0 ? { type: "var", value: part } : { type: "string", value: part })),
  });
  const tree = {
    modules: [{ body: [ref("input", "image", "labels", "x"), { terms: [ref("data", "y"), [ref("input", "image", "$k", "z")]] }] }],
    queries: [ref("input", "git")],
  };
  expect([...inputReferences(tree)].sort((a, b) => a.path.length - b.path.length)).toEqual([
    { path: "input.git", open: false },
    { path: "input.image", open: true },
    { path: "input.image.labels.x", open: false },
  ]);
});

const ask = (engine: Engine, source: wire.SourceMetadata): Promise<wire.CheckPolicyResponse> =>
  engine.unary({
    path: "/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy",
    request: wire.CheckPolicyRequest,
    response: wire.CheckPolicyResponse,
    message: { platform: undefined, source, caps: {} },
  });

async function open(path: string, policies: Readonly<Record<string, string>>, options: Partial<PolicyOptions> = {}): Promise<OpenPolicies> {
  const context = temporaryDirectory();
  for (const [name, text] of Object.entries(policies)) writeFileSync(join(context, name), text);
  const files = Object.keys(policies).map((name) => ({ files: [name] }));
  const opened = await openPolicies({
    target: "t",
    policies: files,
    env: {},
    source: localSource(context, quietHost(context)),
    platform: "linux/amd64",
    host: quietHost(context, { PATH: path }),
    ...options,
  });
  if (!opened) throw new Error("there is no policy");
  onTestFinished(() => opened.close());
  return opened;
}

describe("the evaluator", () => {
  /** A stand-in that answers each question from a file named after it, and keeps what it was asked. */
  function standIn(answers: Readonly<Record<string, unknown>>): string {
    const folder = temporaryDirectory();
    for (const [name, answer] of Object.entries(answers)) writeFileSync(join(folder, name), typeof answer === "string" ? answer : JSON.stringify(answer));
    const script = [
      "#!/bin/sh",
      'kind=$1; for argument in "$@"; do [ "$argument" = --partial ] && kind=partial; done',
      `{ echo "$kind $*"; env; } >> '${folder}/asked'`,
      `[ -f '${folder}/'$kind.fails ] && { cat '${folder}/'$kind.fails >&2; exit 2; }`,
      `cat > '${folder}/'$kind.input`,
      `cat '${folder}/'$kind`,
    ];
    writeFileSync(join(folder, "opa"), `${script.join("\n")}\n`);
    chmodSync(join(folder, "opa"), 0o755);
    return folder;
  }
  const basics = {
    version: "Version: 1.14.1\n",
    capabilities: { builtins: [{ name: "eq" }, { name: "http.send" }, { name: "opa.runtime" }], features: ["f"] },
    partial: {},
  };
  const decides = (value: unknown): object => ({ result: [{ expressions: [{ value }] }] });
  // The stand-in is a script of the shell, which a bare environment still finds by its path.
  const pathOf = (folder: string): string => `${folder}${delimiter}/usr/bin${delimiter}/bin`;

  test("is looked for on PATH alone; without it a target with a policy fails", async () => {
    expect(findOpa(quietHost("/", { PATH: "" }))).toBeUndefined();
    await expect(open("/nowhere", { "p.rego": "" })).rejects.toThrow(
      'target t has a source policy (p.rego), and no evaluator for it is there: install opa, or set policy = ["disabled=true"]',
    );
  });

  test("gets the policy, what it may use, and nothing of the environment", async () => {
    const folder = standIn({ ...basics, eval: decides({ allow: true }) });
    const { service } = await open(
      pathOf(folder),
      { "p.rego": "package docker" },
      { env: { args: { A: "1" }, labels: { l: "m" }, filename: "Dockerfile", target: "x" } },
    );
    const answer = await ask(await engineFor(service), metadata("local://context"));
    expect(answer.result).toEqual({ $case: "decision", value: { action: 0, denyMessages: [], update: undefined } });
    expect(JSON.parse(readFileSync(join(folder, "eval.input"), "utf8"))).toEqual({
      env: { args: { A: "1" }, labels: { l: "m" }, filename: "Dockerfile", target: "x", depth: 0 },
      local: { name: "context" },
    });
    const asked = readFileSync(join(folder, "asked"), "utf8");
    const capabilities = /--capabilities=(\S+)/.exec(asked)?.[1] ?? "";
    expect(JSON.parse(readFileSync(capabilities, "utf8"))).toEqual({ builtins: [{ name: "eq" }], features: ["f"], allow_net: [] });
    expect(asked).not.toContain("HOME=");
    const policy = / --data (\S+)/.exec(asked)?.[1] ?? "";
    expect(readFileSync(policy, "utf8")).toBe("package docker");
    expect(dirname(policy)).toBe(dirname(capabilities));
  });

  test("denies with its messages; the first policy that denies decides", async () => {
    const folder = standIn({ ...basics, eval: decides({ allow: false, deny_msg: ["one", 2, "three"] }) });
    const { service } = await open(pathOf(folder), { "a.rego": "", "b.rego": "" });
    const answer = await ask(await engineFor(service), metadata("local://context"));
    expect(answer.result).toEqual({ $case: "decision", value: { action: 1, denyMessages: [{ message: "one" }, { message: "three" }], update: undefined } });
  });

  test.each([
    ["no decision", {}, "policy returned zero result"],
    ["a decision of another type", decides(true), "unexpected policy return type: true"],
    ["a verdict of another type", decides({ allow: "yes" }), "invalid allowed property type, expecting bool"],
    ["a capability nobody knows", decides({ allow: true, caps: { x: true } }), 'unknown policy cap "x"'],
    [
      "errors",
      { errors: [{ message: "rego_type_error: undefined function pin_image", location: { file: "p.rego", row: 3 } }] },
      "policy evaluation failed: p.rego:3: rego_type_error: undefined function pin_image",
    ],
    ["no JSON", "what?", "policy evaluation failed"],
  ])("fails the build with %s", async (_title, answer, message) => {
    await expect(open(pathOf(standIn({ ...basics, eval: answer })), { "p.rego": "" })).rejects.toThrow(message);
  });

  test("that is too old or fails is refused", async () => {
    await expect(open(pathOf(standIn({ ...basics, version: "Version: 0.70.0\n" })), { "p.rego": "" })).rejects.toThrow("is too old for policies");
    await expect(open(pathOf(standIn({ ...basics, "eval.fails": "out of memory", eval: "" })), { "p.rego": "" })).rejects.toThrow(
      "policy evaluation failed: out of memory",
    );
  });

  test("may want the network proxy", async () => {
    const folder = standIn({ ...basics, eval: decides({ allow: true, caps: { "exec.proxy": true } }) });
    expect((await open(pathOf(folder), { "p.rego": "" })).proxyNetwork).toBe(true);
  });

  test("is asked what it needs; an engine that does not tell is not asked for ever", async () => {
    const reference = { type: "ref", value: [{ type: "var", value: "input" }, ...["image", "labels"].map((value) => ({ type: "string", value }))] };
    const folder = standIn({ ...basics, partial: { partial: { modules: [reference] } }, eval: decides({ allow: true }) });
    const { service } = await open(pathOf(folder), { "p.rego": "" });
    const engine = await engineFor(service);
    const question = metadata("docker-image://docker.io/library/a:1");
    expect((await ask(engine, question)).result).toMatchObject({
      $case: "request",
      value: { source: { identifier: "docker-image://docker.io/library/a:1" }, image: { noConfig: false, attestationChain: false } },
    });
    for (let i = 0; i < 9; i++) await ask(engine, question);
    expect((await statusOf(ask(engine, question))).details).toBe("maximum attempts reached for resolving policy metadata");
  });

  test("that needs what nobody can verify is no evaluator for it", async () => {
    const reference = {
      type: "ref",
      value: [{ type: "var", value: "input" }, ...["image", "signatures"].map((value) => ({ type: "string", value })), { type: "var", value: "i" }],
    };
    const folder = standIn({ ...basics, partial: { partial: { modules: [reference] } }, eval: decides({ allow: true }) });
    const { service } = await open(pathOf(folder), { "p.rego": "" });
    expect(await statusOf(ask(await engineFor(service), metadata("docker-image://docker.io/library/a:1")))).toEqual({
      code: status.failedPrecondition,
      details: "policy needs input.image.signatures of docker-image://docker.io/library/a:1, which tsbake cannot verify",
    });
  });
});

const real = process.env["TSBAKE_OPA"];

describe.skipIf(real === undefined)("the real evaluator", () => {
  const path = dirname(real ?? "");
  const decide = async (policy: string, source: wire.SourceMetadata, env: PolicyOptions["env"] = {}): Promise<unknown> => {
    const { service } = await open(path, { "p.rego": policy }, { env });
    const { result } = await ask(await engineFor(service), source);
    if (result?.$case === "request") return result.value.image ?? result.value.git ?? "more";
    return result?.value.action === 0 ? "allowed" : result?.value.denyMessages.map(({ message }) => message);
  };
  const head =
    'package docker\ndefault allow := false\ndecision := {"allow": allow, "deny_msg": [m | some m in msgs]}\nmsgs contains "not this" if not allow\n';
  const alpine = metadata("docker-image://docker.io/library/alpine:3");

  test("decides by what is known without asking for more", async () => {
    const policy = `${head}allow if input.image.host == "docker.io"\nallow if input.local\n`;
    expect(await decide(policy, alpine)).toBe("allowed");
    expect(await decide(policy, metadata("docker-image://r.test/a:1"))).toEqual(["not this"]);
    expect(await decide(policy, metadata("local://context"))).toBe("allowed");
  });

  test("asks for the configuration when the decision depends on it, and decides with it", async () => {
    const policy = `${head}allow if { input.image.host == "docker.io"; input.image.labels.trusted == "yes" }\n`;
    expect(await decide(policy, alpine)).toMatchObject({ noConfig: false });
    expect(await decide(policy, metadata("docker-image://r.test/a:1"))).toEqual(["not this"]);
    expect(await decide(policy, { ...alpine, ...image("sha256:x", { config: { Labels: { trusted: "yes" } } }) })).toBe("allowed");
    expect(await decide(policy, { ...alpine, ...image("sha256:x", { config: {} }) })).toEqual(["not this"]);
  });

  test("that an image is there at all is no question about its parts", async () => {
    expect(await decide(`${head}allow if input.image\n`, alpine)).toBe("allowed");
  });

  test("a part that is reached through another name is found", async () => {
    expect(await decide(`${head}allow if { x := input.image; x.labels.a == "b" }\n`, alpine)).toMatchObject({ noConfig: false });
    await expect(decide(`${head}allow if { x := input.image; not x.signatures }\n`, alpine)).rejects.toThrow("which tsbake cannot verify");
    await expect(decide(`${head}allow if not input.image.hasProvenance\n`, alpine)).resolves.toMatchObject({ attestationChain: true });
  });

  test("build arguments are told", async () => {
    expect(await decide(`${head}allow if input.env.args.MODE == "safe"\n`, alpine, { args: { MODE: "safe" } })).toBe("allowed");
  });

  test("functions that reach out, or that the evaluator has not, are errors", async () => {
    await expect(decide(`${head}allow if http.send({"method": "get", "url": "http://127.0.0.1"}).status_code == 200\n`, alpine)).rejects.toThrow(
      /undefined function/,
    );
    await expect(decide(`${head}allow if pin_image(input.image, "sha256:x")\n`, alpine)).rejects.toThrow(/undefined function/);
    await expect(decide(`${head}allow if opa.runtime().env.HOME\n`, alpine)).rejects.toThrow(/undefined function/);
  });

  test("git commits are asked for, checked and told", async () => {
    const raw = "tree t\nauthor A <a@x.test> 0 +0000\ncommitter A <a@x.test> 0 +0000\n\nsigned-off\n";
    const hash = createHash("sha1").update(`commit ${raw.length}\0${raw}`).digest("hex");
    const policy = `${head}allow if endswith(input.git.commit.author.email, "@x.test")\n`;
    const source = metadata("git://github.com/a/b.git#main");
    expect(await decide(policy, source)).toMatchObject({ returnObject: true });
    const known = (commit: string): wire.SourceMetadata => ({
      ...source,
      git: wire.GitMetadata.create({ checksum: hash, ref: "refs/heads/main", commitObject: Buffer.from(commit) }),
    });
    expect(await decide(policy, known(raw))).toBe("allowed");
    await expect(decide(policy, known(raw.replace("a@x", "b@x")))).rejects.toThrow("checksum mismatch");
  });
});
