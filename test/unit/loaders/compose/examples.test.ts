/** The worked examples of the specification (spec/compose.md 9), whole. */
import { expect, test } from "vitest";
import { bake } from "./rig.ts";

test("one service with most keys", async () => {
  const files = {
    ".env": `REG=registry.example
VER="1.2"   # quoted, comment
TOKEN_FILE=./tok
`,
    "compose.yaml": `name: shop
x-common: &common
  args: {BASE: "alpine:\${VER}", CI: }
services:
  web.api:
    image: \${REG}/web:\${VER:-latest}
    environment: [CI=from-service]
    build:
      <<: *common
      context: ./src/../app
      dockerfile: docker/Dockerfile
      target: prod
      labels: {com.example.on: yes, com.example.n: 010}
      additional_contexts: {shared: ../shared, base: service:base}
      cache_from: ["\${REG}/web:cache", "type=local,src=.cache"]
      secrets: [tok]
      shm_size: 64m
      extra_hosts: ["db:10.0.0.5", "db:10.0.0.6"]
      provenance: mode=max
      x-bake: {platforms: linux/amd64 linux/arm64, tags: "\${REG}/web:\${COMPOSE_PROJECT_NAME}"}
  base: {build: {context: base, no_cache: true}, profiles: [never]}
  db: {image: "postgres:16", depends_on: [gone]}
secrets: {tok: {file: "\${TOKEN_FILE}"}}
`,
    tok: "",
  };
  const { groups, targets } = await bake(files);
  expect(groups).toEqual({ default: { targets: ["base", "web_api"] } });
  expect(targets).toEqual({
    base: { context: "base", dockerfile: "Dockerfile", "no-cache": true },
    web_api: {
      attest: [{ mode: "max", type: "provenance" }],
      context: "app",
      contexts: { base: "target:base", shared: "../shared" },
      dockerfile: "docker/Dockerfile",
      args: { BASE: "alpine:1.2", CI: "from-service" },
      labels: { "com.example.n": "8", "com.example.on": "yes" },
      tags: ["registry.example/web:shop"],
      "cache-from": [
        { ref: "registry.example/web:cache", type: "registry" },
        { src: ".cache", type: "local" },
      ],
      target: "prod",
      secret: [{ id: "tok", src: "tok" }],
      platforms: ["linux/amd64", "linux/arm64"],
      "shm-size": "64MiB",
      "extra-hosts": { db: "10.0.0.5,10.0.0.6" },
    },
  });
});

test("two files with reset and override", async () => {
  const files = {
    "compose.yaml": `services:
  api:
    image: api:dev
    build:
      context: ./api
      args: {MODE: dev, DEBUG: "1"}
      tags: [api:dev]
      labels: {a: "1"}
      cache_from: [api:c1]
      extra_hosts: {h: 1.1.1.1}
`,
    "prod.yaml": `services:
  api:
    build:
      args: [MODE=prod, DEBUG]
      tags: !override [api:prod]
      labels: !reset {}
      cache_from: [api:c2, api:c1]
      extra_hosts: ["h=2.2.2.2", "g:3.3.3.3"]
      x-bake: {output: type=registry}
`,
  };
  const { targets } = await bake(files, { f: ["compose.yaml", "prod.yaml"] });
  expect(targets).toEqual({
    api: {
      context: "api",
      dockerfile: "Dockerfile",
      args: { MODE: "prod" },
      tags: ["api:prod"],
      "cache-from": [
        { ref: "api:c1", type: "registry" },
        { ref: "api:c2", type: "registry" },
      ],
      output: [{ type: "registry" }],
      "extra-hosts": { g: "3.3.3.3", h: "1.1.1.1,2.2.2.2" },
    },
  });
});

test("include and extends", async () => {
  const files = {
    "compose.yaml": `include:
  - path: libs/core/compose.yaml
services:
  app:
    extends: {file: common/base.yaml, service: tmpl}
    build: {target: app}
  core: {build: {args: {EXTRA: "1"}}}
`,
    "libs/core/compose.yaml": `services:
  core: {build: {context: ., args: {V: "\${V:-none}"}, additional_contexts: {up: ../shared}}}
`,
    "libs/core/.env": "V=from-core-env\n",
    "common/base.yaml": `services:
  tmpl: {image: tmpl, build: {context: ./ctx, dockerfile: D, args: {T: "1"}}}
`,
  };
  const { groups, targets } = await bake(files);
  expect(groups).toEqual({ default: { targets: ["app", "core"] } });
  expect(targets).toEqual({
    app: { context: "common/ctx", dockerfile: "D", args: { T: "1" }, tags: ["tmpl"], target: "app" },
    core: { context: "libs/core", contexts: { up: "libs/shared" }, dockerfile: "Dockerfile", args: { EXTRA: "1", V: "from-core-env" } },
  });
});

test("compose and HCL together", async () => {
  const files = {
    "compose.yaml": `services:
  app: {image: app, build: {context: app, args: {A: c, B: c}, cache_to: [type=inline]}}
  job: {build: job}
`,
    "docker-bake.hcl": `target "app" {
  args = { B = "h" }
  tags = ["app:h"]
}
target "all" {
  inherits = ["app"]
  target = "all"
}
group "default" {
  targets = ["app", "all"]
}
`,
  };
  const { groups, targets } = await bake(files);
  const app = { context: "app", dockerfile: "Dockerfile", args: { A: "c", B: "h" }, tags: ["app:h"], "cache-to": [{ type: "inline" }] };
  expect(groups).toEqual({ default: { targets: ["all", "app"] } });
  expect(targets).toEqual({ all: { ...app, target: "all" }, app });
});
