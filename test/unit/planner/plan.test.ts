import { describe, expect, test } from "vitest";
import { unknownFeatures, type PathFacts } from "../../../src/planner/facts.ts";
import { lookupsOf } from "../../../src/planner/lookups.ts";
import { planTargets, type PlanInput } from "../../../src/planner/plan-bake.ts";
import { printPlan } from "../../../src/planner/plan.ts";
import type { TargetInput } from "../../../src/planner/target.ts";
import { builder, directories, localFacts, node, planOf, target, valueOf } from "./rig.ts";

/** A target whose solve is its own. */
const distinct = (name: string, changes: Partial<TargetInput> = {}): TargetInput => target(name, { args: [["NAME", name]], ...changes });

const errorsOf = (targets: readonly TargetInput[], changes: Partial<PlanInput> = {}): unknown =>
  valueOf(planTargets({ targets, selection: [], engine: builder(node()), facts: localFacts(), isRemote: () => false, ...changes }));

describe("the plan", () => {
  test("one target on a stand-alone BuildKit", () => {
    const plan = planOf([target("web", { tags: ["a:1"], outputs: [{ type: "image", dest: "", attributes: {} }] })]);
    expect(plan).toEqual({
      version: 1,
      engine: "known",
      builder: "b",
      driver: "remote",
      selection: ["web"],
      jobs: [
        {
          id: "web",
          target: "web",
          node: 0,
          platforms: [],
          requested: true,
          request: {
            frontend: "dockerfile.v0",
            attributes: { filename: "Dockerfile" },
            exporters: [{ type: "image", attributes: { name: "a:1" } }],
            cacheTo: [],
            cacheFrom: [],
            entitlements: [],
            internal: false,
          },
          sharedKey: "w",
          mounts: [
            { name: "context", source: { kind: "directory", path: "/w" } },
            { name: "dockerfile", source: { kind: "directory", path: "/w" } },
          ],
          stores: [],
          secrets: [],
          ssh: [],
          links: [],
          policies: [],
          localState: { localPath: "/w", dockerfilePath: "/w/Dockerfile" },
        },
      ],
      edges: [],
      groups: [],
      order: ["web"],
      twins: [],
      contexts: [{ node: 0, path: "/w", mounts: ["context", "dockerfile"], jobs: ["web"] }],
      sharedSessions: [],
      nodes: [{ index: 0, name: "node0", platforms: [], jobs: ["web"] }],
      merges: [],
      pushes: [],
      warnings: [],
    });
  });

  test("the same input gives the same bytes, whatever the order of arguments", () => {
    const one = printPlan(
      planOf([
        target("a", {
          args: [
            ["X", "1"],
            ["Y", "2"],
          ],
        }),
      ]),
    );
    const two = printPlan(
      planOf([
        target("a", {
          args: [
            ["Y", "2"],
            ["X", "1"],
          ],
        }),
      ]),
    );
    expect(one).toBe(two);
    expect(one.endsWith("}\n")).toBe(true);
  });

  test("without an engine the plan says so and assumes that everything can be done", () => {
    const plan = planOf([target("a", { outputs: [], platforms: ["linux/amd64", "linux/arm64"] })], { engine: undefined });
    expect([plan.engine, plan.driver, plan.warnings]).toEqual(["unknown", "unknown", []]);
  });

  test("[bake 98] the measured example of field mapping", () => {
    const facts = localFacts({ paths: directories("/w", "/w/n1", "/w/n2"), env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } });
    const plan = planOf(
      [
        target("t", {
          args: [["A", "1"]],
          contexts: [
            ["n1", "n1"],
            ["context", "n2"],
            ["img", "docker-image://alpine:3"],
            ["gitq", "https://h/r.git?ref=x"],
          ],
          limits: { ulimit: "cpu=1:1,nofile=1:2", memory: "1073741824", memswap: "-1", cpushares: "5" },
          extraHosts: [
            ["h", "1.2.3.4"],
            ["v", "[::1]"],
            ["m", "1.1.1.1,2.2.2.2"],
          ],
          noCacheFilter: ["x", "y"],
          network: "none",
        }),
      ],
      { facts },
    );
    expect(plan.jobs[0]?.request.attributes).toEqual({
      "build-arg:A": "1",
      "context:n1": "local:n1",
      "context:context": "local:_context",
      "context:img": "docker-image://alpine:3",
      "context:gitq": "https://h/r.git?ref=x",
      "sharedkey:localdir:n1": { ref: "shared-key:n1" },
      "sharedkey:localdir:context": { ref: "shared-key:n2" },
      "frontend.caps": "moby.buildkit.frontend.contexts+forward,moby.buildkit.frontend.gitquerystring+forward",
      ulimit: "cpu=1:1,nofile=1:2",
      "add-hosts": "h=1.2.3.4,m=1.1.1.1,m=2.2.2.2,v=::1",
      "no-cache": "x,y",
      "force-network-mode": "none",
      memory: "1073741824",
      memswap: "-1",
      cpushares: "5",
      filename: "Dockerfile",
    });
    expect(plan.jobs[0]?.mounts.map(({ name }) => name)).toEqual(["context", "dockerfile", "n1", "_context"]);
  });

  test("[bake 101] a directory that two targets use is served by one shared session", () => {
    const plan = planOf([distinct("a"), distinct("b"), distinct("c", { context: "/other" })], {
      facts: localFacts({ paths: directories("/w", "/other"), env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }),
    });
    expect(plan.sharedSessions).toEqual([
      {
        id: "shared-0",
        node: 0,
        sharedKey: "w",
        mounts: [
          { name: "context", path: "/w" },
          { name: "dockerfile", path: "/w" },
        ],
        jobs: ["a", "b"],
      },
    ]);
    expect(plan.jobs.map(({ request, mounts }) => [request.attributes["local-sessionid:context"], mounts[0]?.session])).toEqual([
      [{ ref: "session:shared-0" }, "shared-0"],
      [{ ref: "session:shared-0" }, "shared-0"],
      [undefined, undefined],
    ]);
  });

  test("two directories under one mount name get two shared sessions", () => {
    const facts = localFacts({ paths: directories("/x/app", "/y/app") });
    const plan = planOf(
      [distinct("a", { context: "/x/app" }), distinct("b", { context: "/y/app" }), distinct("c", { context: "/x/app" }), distinct("d", { context: "/y/app" })],
      { facts },
    );
    expect(plan.sharedSessions.map(({ id, mounts, jobs }) => [id, mounts.map(({ path }) => path), jobs])).toEqual([
      ["shared-0", ["/x/app", "/x/app"], ["a", "c"]],
      ["shared-1", ["/y/app", "/y/app"], ["b", "d"]],
    ]);
  });

  test("links become edges and groups, with the input's key", () => {
    const linked = (name: string, parent: string): TargetInput => distinct(name, { contexts: [["base", `target:${parent}`]] });
    const plan = planOf([linked("app", "base"), linked("tool", "base"), distinct("base", { requested: false }), distinct("alone")]);
    expect(plan.edges).toEqual([
      { from: "base", to: "app", context: "base" },
      { from: "base", to: "tool", context: "base" },
    ]);
    expect(plan.groups).toEqual([["app", "tool", "base"]]);
    expect(plan.jobs[0]?.links).toEqual([{ context: "base", target: "base", job: "base", input: "0-base" }]);
  });

  test("a link across nodes is refused", () => {
    const nodes = builder(node({ configuredPlatforms: ["linux/amd64"] }), node({ configuredPlatforms: ["linux/arm64"] }));
    expect(
      errorsOf([target("a", { platforms: ["linux/arm64"], contexts: [["x", "target:b"]] }), target("b", { platforms: ["linux/amd64"] })], { engine: nodes }),
    ).toEqual(["failed to use b as context x for a because targets build with different drivers"]);
  });

  test("a target on two nodes is two jobs with one merge", () => {
    const nodes = builder(node({ name: "x", configuredPlatforms: ["linux/amd64"] }), node({ name: "y", configuredPlatforms: ["linux/arm64"] }));
    const plan = planOf(
      [
        target("a", {
          platforms: ["linux/amd64", "linux/arm64"],
          tags: ["r/a:1"],
          outputs: [{ type: "image", dest: "", attributes: { push: "true", "registry.insecure": "true" } }],
          annotations: { "annotation-index.k": "v", "annotation.m": "n" },
        }),
      ],
      { engine: nodes },
    );
    expect(plan.jobs.map(({ id, node: index, platforms }) => [id, index, platforms])).toEqual([
      ["a@0", 0, ["linux/amd64"]],
      ["a@1", 1, ["linux/arm64"]],
    ]);
    expect(plan.merges).toEqual([{ target: "a", jobs: ["a@0", "a@1"], names: ["r/a:1"], annotations: { "annotation-index.k": "v" }, insecure: true }]);
    expect(plan.nodes.map(({ name, jobs }) => [name, jobs])).toEqual([
      ["x", ["a@0"]],
      ["y", ["a@1"]],
    ]);
  });

  test("several platforms need the feature", () => {
    const classic = builder(node({ features: { ...unknownFeatures, multiPlatform: false } }));
    expect(errorsOf([target("a", { platforms: ["linux/amd64", "linux/arm64"] })], { engine: { ...classic, driver: "docker" } })).toEqual([
      "Multi-platform build is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-multi-platform/",
    ]);
  });

  test("targets without output are named in one warning, linked ones are not", () => {
    const none = { outputs: [] };
    expect(planOf([target("b", none), target("a", none), target("l", { ...none, requested: false })]).warnings).toEqual([
      "No output specified for a, b target(s) with remote driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load",
    ]);
    expect(planOf([target("default", none)]).warnings).toEqual([
      "No output specified with remote driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load",
    ]);
  });

  test("a call asks the frontend and exports nothing", () => {
    const plan = planOf([target("a", { call: { name: "lint", ignoreStatus: false }, outputs: [{ type: "local", dest: "o", attributes: {} }] })]);
    expect(plan.jobs[0]?.request).toMatchObject({
      internal: true,
      exporters: [],
      attributes: { requestid: "frontend.lint", "frontend.caps": "moby.buildkit.frontend.subrequests+forward" },
    });
  });
});

describe("contexts", () => {
  test("[bake 99] the Dockerfile is relative to the context, and inline text wins", () => {
    const facts = localFacts({ paths: directories("/w/app") });
    const at = (changes: Partial<TargetInput>): unknown => planOf([target("a", { context: "app", ...changes })], { facts }).jobs[0]?.mounts[1];
    expect(at({ dockerfile: "sub/D" })).toEqual({ name: "dockerfile", source: { kind: "directory", path: "/w/app/sub" } });
    expect(at({ dockerfile: "/abs/D" })).toEqual({ name: "dockerfile", source: { kind: "directory", path: "/abs" } });
    expect(at({ dockerfileInline: "FROM scratch" })).toEqual({ name: "dockerfile", source: { kind: "text", file: "Dockerfile", text: "FROM scratch" } });
  });

  test("a lower-case dockerfile is used when only that exists", () => {
    const facts = localFacts({ paths: new Map<string, PathFacts>([...directories("/w"), ["/w/dockerfile", { kind: "file", real: "/w/dockerfile" }]]) });
    expect(planOf([target("a")], { facts }).jobs[0]?.request.attributes["filename"]).toBe("dockerfile");
  });

  test("a remote context finds a relative Dockerfile inside, and gets an absolute one as a mount", () => {
    const context = "https://h/r.git#main";
    expect(planOf([target("a", { context })]).jobs[0]).toMatchObject({ mounts: [], request: { attributes: { context, filename: "Dockerfile" } } });
    expect(planOf([target("a", { context, dockerfile: "/d/Dockerfile" })]).jobs[0]).toMatchObject({
      mounts: [{ name: "dockerfile", source: { kind: "directory", path: "/d" } }],
      request: { attributes: { context, filename: "Dockerfile", dockerfilekey: "dockerfile" } },
    });
  });

  test("missing and wrong contexts", () => {
    expect(errorsOf([target("a", { context: "nope" })])).toEqual(['unable to prepare context: path "nope" not found']);
    expect(errorsOf([target("a", { contexts: [["n", "nope"]] })])).toEqual(["failed to get build context n: stat nope: no such file or directory"]);
  });

  test("an OCI layout is a store with the digest of its tag", () => {
    const facts = localFacts({ layouts: new Map([["oci-layout://lay:v1", { digest: "sha256:1" }]]) });
    expect(planOf([target("a", { contexts: [["base", "oci-layout://lay:v1"]] })], { facts }).jobs[0]).toMatchObject({
      stores: [{ name: "base", kind: "oci-layout", directory: "/w/lay" }],
      request: { attributes: { "context:base": { ref: "store:base", prefix: "oci-layout://", suffix: ":v1@sha256:1" } } },
    });
    expect(errorsOf([target("a", { contexts: [["base", "oci-layout://lay"]] })])).toEqual([
      'oci-layout reference "oci-layout://lay" could not be resolved: failed to resolve digest',
    ]);
  });

  test("git facts name the commit and the place of each mount in the work tree", () => {
    const git = new Map([["/w/app", { root: "/w", revision: "abc", source: "https://h/r" }]]);
    const facts = localFacts({ paths: directories("/w/app", "/else"), git, env: { BUILDX_GIT_LABELS: "1", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } });
    expect(planOf([target("a", { context: "app", contexts: [["e", "/else"]] })], { facts }).jobs[0]?.request.attributes).toMatchObject({
      "vcs:revision": "abc",
      "vcs:source": "https://h/r",
      "vcs:localdir:context": "app",
      "vcs:localdir:dockerfile": "app",
      "label:org.opencontainers.image.revision": "abc",
      "label:org.opencontainers.image.source": "https://h/r",
      "label:com.docker.image.source.entrypoint": "app/Dockerfile",
    });
    const off = localFacts({ paths: directories("/w/app"), git, env: { BUILDX_GIT_INFO: "false", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } });
    expect(planOf([target("a", { context: "app" })], { facts: off }).jobs[0]?.request.attributes).toEqual({ filename: "Dockerfile" });
  });
});

test("a secret comes from its variable, its file, or what its id names", () => {
  const facts = localFacts({ secretEnv: ["TOKEN"] });
  const secrets = [{ id: "a", env: "E", src: "f" }, { id: "b", src: "f" }, { id: "TOKEN" }, { id: "plain" }];
  expect(planOf([target("t", { secrets })], { facts }).jobs[0]?.secrets).toEqual([
    { id: "a", source: { kind: "env", name: "E" } },
    { id: "b", source: { kind: "file", path: "/w/f" } },
    { id: "TOKEN", source: { kind: "env", name: "TOKEN" } },
    { id: "plain", source: { kind: "file", path: "/w/plain" } },
  ]);
});

test("what has to be looked up before planning", () => {
  const targets = [
    target("a", {
      context: "app",
      contexts: [
        ["n", "cwd://near"],
        ["l", "oci-layout://lay:v1@sha256:1"],
        ["t", "target:b"],
        ["r", "https://h/x"],
      ],
      cacheFrom: [{ type: "local", attributes: { src: "c", tag: "t" } }],
      secrets: [{ id: "S" }, { id: "F", src: "f" }],
    }),
    target("b", { context: "https://h/r.git" }),
  ];
  expect(lookupsOf(targets, "/w", (text) => text.startsWith("https://"))).toEqual({
    paths: ["/w/app", "/w/app/Dockerfile", "/w/app/dockerfile", "/w/near"],
    gitDirectories: ["/w/app"],
    layouts: [{ reference: "oci-layout://lay:v1@sha256:1", directory: "/w/lay", tag: "v1", digest: "sha256:1" }],
    localCaches: [{ directory: "/w/c", shown: "c", tag: "t", digest: "" }],
    variables: ["S"],
  });
});
