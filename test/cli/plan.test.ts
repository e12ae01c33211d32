/** `--plan` without an engine, and what is said about targets that get in each other's way. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { expectSuccess, project, ROOT, tsbake } from "./rig.ts";

const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync(join(ROOT, "schema/plan.json"), "utf8")) as object);

const files = {
  "docker-bake.hcl": `group "default" {
  targets = ["api", "web"]
}
target "base" {
  dockerfile-inline = "FROM scratch"
}
target "api" {
  contexts = { os = "target:base" }
  tags     = ["app:1"]
  output   = ["type=image"]
}
target "web" {
  args = { NAME = "web" }
  tags = ["other:1", "app:1"]
  output = ["type=image"]
}
`,
  Dockerfile: "FROM scratch\n",
};

/** No engine answers there. */
const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
const warning =
  "docker-bake.hcl:14,22-29: targets api and web write the same tag app:1; the last one to finish wins\n" +
  "note: docker-bake.hcl:9,15-22: target api writes it here\n";

test("a pipe gets JSON that the schema describes, the same bytes each time", async () => {
  const cwd = project(files);
  const [one, two] = [expectSuccess(await tsbake(["--plan"], { cwd, env })), expectSuccess(await tsbake(["--plan=json"], { cwd, env }))];
  const plan: unknown = JSON.parse(one.stdout);
  expect(validate(plan), JSON.stringify(validate.errors)).toBe(true);
  expect(plan).toMatchObject({ engine: "unknown", order: ["base", "api", "web"], contexts: [{ path: cwd, jobs: ["api", "web", "base"] }] });
  expect(two.stdout).toBe(one.stdout);
});

test("text is for people", async () => {
  const cwd = project(files);
  const run = expectSuccess(await tsbake(["--plan=text", "--cache=r.example/cache"], { cwd, env }));
  expect(run.stdout).toContain("3 targets in 3 solves for an engine that can do everything, as none was asked\n\nOrder\n  1.  base");
  expect(run.stdout).toContain("Caches (all in r.example/cache)\n  api from registry r.example/cache:api\n  api from registry r.example/cache:base\n");
});

test("remote contexts are planned unread, and their passwords are in no plan", async () => {
  const cwd = project({
    "docker-bake.hcl": `target "default" {
  context  = "https://bot:hunter2@git.example/a.git#main"
  contexts = { lib = "https://bot:hunter2@files.example/lib.tar.gz", os = "docker-image://r.example/os:1" }
  args     = { TOKEN = "canary-of-a-secret" }
  secret   = ["id=token,env=TOKEN"]
  output   = ["type=cacheonly"]
}
`,
  });
  const json = expectSuccess(await tsbake(["--plan=json"], { cwd, env: { ...env, TOKEN: "canary-of-a-secret" } }));
  expect(JSON.parse(json.stdout)).toMatchObject({
    contexts: [],
    jobs: [
      {
        mounts: [],
        request: {
          attributes: {
            context: "https://bot:***@git.example/a.git#main",
            "context:lib": "https://bot:***@files.example/lib.tar.gz",
            "context:os": "docker-image://r.example/os:1",
            "build-arg:TOKEN": "***",
          },
        },
      },
    ],
  });
  const text = expectSuccess(await tsbake(["--plan=text"], { cwd, env: { ...env, TOKEN: "canary-of-a-secret" } }));
  expect(json.stdout + text.stdout).not.toMatch(/hunter2|canary/);
});

test("what several targets write is a warning with both places, and an error with --strict", async () => {
  const cwd = project(files);
  const lenient = expectSuccess(await tsbake(["--plan"], { cwd, env }));
  expect(lenient.stderr, lenient.story).toContain(`warning: ${warning}`);
  const strict = await tsbake(["--plan", "--strict"], { cwd, env });
  expect(strict.exit, strict.story).toBe(1);
  expect(strict.stdout).toBe("");
  expect(strict.stderr).toContain('  14 | >>>   tags = ["other:1", "app:1"]');
  expect(strict.stderr).toContain("note: docker-bake.hcl:9,15-22: target api writes it here\n");
  expect(strict.stderr).toMatch(/\nERROR: targets api and web write the same tag app:1; the last one to finish wins\n$/);
});

test.each([
  [["--plan=yaml"], 'ERROR: invalid format "yaml" for --plan: expected text or json\n'],
  [["--plan", "--cache=type=inline"], 'ERROR: invalid value for --cache: type "inline" has no scopes; use one of registry, gha, s3, azblob\n'],
  [["--plan", "--cache=a,b"], 'ERROR: invalid value for --cache: "a,b" is not one registry reference or cache entry\n'],
])("%j is refused", async (args, message) => {
  const run = await tsbake(args, { cwd: project(files), env });
  expect(run.exit, run.story).toBe(1);
  expect(run.stderr.endsWith(message), run.story).toBe(true);
});
