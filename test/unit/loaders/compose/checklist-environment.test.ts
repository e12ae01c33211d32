/** Variables and interpolation (spec/compose.md 10, lines 44 to 73). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTarget } from "./rig.ts";

test("[compose 44] variables with and without braces", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "$FOO \${FOO}"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ A: "foo foo" });
});

test("[compose 45] two dollar signs are one", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "$$FOO"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ A: "$FOO" });
});

test("[compose 46] defaults for unset and for empty variables", async () => {
  expect(
    (await bakeTarget("a", `services: {a: {build: {args: {A: "\${FOO:-x}|\${EMPTY:-x}|\${EMPTY-x}|\${U-x}"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args,
  ).toEqual({ A: "foo|x||x" });
});

test("[compose 47] alternatives for set variables", async () => {
  expect(
    (await bakeTarget("a", `services: {a: {build: {args: {A: "\${FOO:+x}|\${EMPTY:+x}|\${EMPTY+x}|\${U+x}"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args,
  ).toEqual({ A: "x||x|" });
});

test("[compose 48] a default may have a default", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "\${U:-\${U2:-deep}}"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ A: "deep" });
});

test("[compose 49] a lone dollar sign stays", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "$1 $ $-"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ A: "$1 $ $-" });
});

test("[compose 50] a required variable stops with its message", async () => {
  expect(await bakeError(`services: {a: {build: {args: {A: "\${U:?need \${FOO}}"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).toBe(
    "error while interpolating services.a.build.args.A: required variable U is missing a value: need foo",
  );
});

test("[compose 51] an open brace is invalid", async () => {
  expect(
    await bakeError(`services: {a: {build: {args: {A: "\${FOO"}}}}`, { env: { FOO: "foo", EMPTY: "" } }),
  ).toBe(`invalid interpolation format for services.a.build.args.A.
You may need to escape any $ with another $.
\${FOO`);
});

test("[compose 52] an unknown operator is invalid", async () => {
  expect(
    await bakeError(`services: {a: {build: {args: {A: "\${FOO:=x}"}}}}`, { env: { FOO: "foo", EMPTY: "" } }),
  ).toBe(`invalid interpolation format for services.a.build.args.A.
You may need to escape any $ with another $.
\${FOO:=x}`);
});

test("[compose 53] braces in a default", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "\${U:-{}}-x"}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ A: "{}-x" });
});

test("[compose 54] braces in a default swallow the rest of the line", async () => {
  expect(
    await bakeError(`services: {a: {build: {args: {A: "\${U:-{}}-\${FOO}"}}}}`, { env: { FOO: "foo", EMPTY: "" } }),
  ).toBe(`invalid interpolation format for services.a.build.args.A.
You may need to escape any $ with another $.
{}}-\${FOO`);
});

test("[compose 55] an unset variable is empty, with a warning in each load", async () => {
  const { targets, warnings } = await bake(`services: {a: {build: {args: {A: "$U"}}}}`);
  expect(targets["a"]?.args).toEqual({ A: "" });
  expect(warnings).toEqual([`The "U" variable is not set. Defaulting to a blank string.`, `The "U" variable is not set. Defaulting to a blank string.`]);
});

test("[compose 56] keys are not interpolated", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {"$FOO": x}}}}`, { env: { FOO: "foo", EMPTY: "" } })).args).toEqual({ $FOO: "x" });
});

test("[compose 57] dropped keys are interpolated", async () => {
  expect(await bakeError(`services: {a: {build: ., command: "\${U?no}"}}`)).toBe(
    "error while interpolating services.a.command: required variable U is missing a value: no",
  );
});

test("[compose 58] dropped keys are cast", async () => {
  expect(await bakeError(`services: {a: {build: ., scale: "\${U-}"}}`)).toBe(
    `error while interpolating services.a.scale: failed to cast to expected type: strconv.Atoi: parsing "": invalid syntax`,
  );
});

test("[compose 59] a null argument is taken from .env", async () => {
  expect((await bakeTarget("a", { "compose.yaml": "services: {a: {build: {args: {X: }}}}", ".env": "X=dot" })).args).toEqual({ X: "dot" });
});

test("[compose 60] the environment wins over .env", async () => {
  expect((await bakeTarget("a", { "compose.yaml": "services: {a: {build: {args: {X: }}}}", ".env": "X=dot" }, { env: { X: "os" } })).args).toEqual({ X: "os" });
});

test("[compose 61] --var wins over the environment", async () => {
  expect(
    (await bakeTarget("a", { "compose.yaml": "services: {a: {build: {args: {X: }}}}", ".env": "X=dot" }, { env: { X: "os" }, vars: { X: "v" } })).args,
  ).toEqual({ X: "v" });
});

test("[compose 62] an argument without a value is dropped", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {args: {X: }}}}")).args).toBeUndefined();
});

test("[compose 63] .env is that of the working directory", async () => {
  expect(
    (await bakeTarget("a", { "sub/c.yaml": "services: {a: {build: {args: {X: }}}}", "sub/.env": "X=sub", ".env": "X=cwd" }, { f: ["sub/c.yaml"] })).args,
  ).toEqual({ X: "cwd" });
});

test("[compose 64] quotes, comments and export in .env", async () => {
  expect(
    (
      await bakeTarget("a", {
        "compose.yaml": "services: {a: {build: {args: [A, B, D]}}}",
        ".env": `A="x\\ty" # c
B=a#b # c
export D='$A'
`,
      })
    ).args,
  ).toEqual({ A: "x\ty", B: "a#b", D: "$A" });
});

test("[compose 65] variables in .env", async () => {
  expect(
    (
      await bakeTarget("a", {
        "compose.yaml": "services: {a: {build: {args: [A, B]}}}",
        ".env": `B=b
A="$B-\${C:-c}"`,
      })
    ).args,
  ).toEqual({ A: "b-c", B: "b" });
});

test("[compose 66] a broken .env does not matter without compose files", async () => {
  expect((await bakeTarget("default", { "docker-bake.hcl": `target "default" {}`, ".env": "BAD LINE=1" })).context).toEqual(".");
});

test("[compose 67] the project is called bake", async () => {
  expect((await bakeTarget("a", `services: {a: {build: "\${COMPOSE_PROJECT_NAME}"}}`)).context).toEqual("bake");
});

test("[compose 68] name wins over COMPOSE_PROJECT_NAME", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        `name: My App
services: {a: {build: {args: {COMPOSE_PROJECT_NAME: }}}}`,
        { env: { COMPOSE_PROJECT_NAME: "env" } },
      )
    ).args,
  ).toEqual({ COMPOSE_PROJECT_NAME: "My App" });
});

test("[compose 69] environment of the service wins over its env_file", async () => {
  expect(
    (await bakeTarget("a", { "compose.yaml": "services: {a: {build: {args: {X: }}, environment: {X: svc}, env_file: e}}", e: "X=file" }, { env: { X: "os" } }))
      .args,
  ).toEqual({ X: "svc" });
});

test("[compose 70] env_file wins over the process environment", async () => {
  expect((await bakeTarget("a", { "compose.yaml": "services: {a: {build: {args: {X: }}, env_file: e}}", e: "X=file" }, { env: { X: "os" } })).args).toEqual({
    X: "file",
  });
});

test("[compose 71] a missing env_file stops, also of a service without build", async () => {
  expect(await bakeError("services: {a: {build: .}, b: {image: i, env_file: nope}}")).toBe("env file nope not found: stat nope: no such file or directory");
});

test("[compose 72] an env_file that is not required may be missing", async () => {
  expect((await bakeTarget("a", "services: {a: {build: ., env_file: [{path: nope, required: false}]}}")).context).toEqual(".");
});

test("[compose 73] null environment is no mapping", async () => {
  expect(await bakeError("services: {a: {build: ., environment: }}")).toBe("services.a.environment must be a mapping");
});
