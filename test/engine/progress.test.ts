/** Progress of real builds: what the reference prints, what a terminal shows, what log files and reports keep. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Screen } from "../browser/screen.ts";
import { TSBAKE } from "../cli/rig.ts";
import { plainBlocks, plainSummary, rawKeys, rawSteps, rawWarnings } from "./progress-lines.ts";
import { describeEngines, expectSuccess } from "./rig.ts";

const shell = (script: string): string => `RUN ["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]`;

/** Targets of all kinds; `nonce` makes every step that uses it new to the engine. */
function files(nonce: string): Readonly<Record<string, string>> {
  const target = (name: string, more = ""): string =>
    `target "${name}" {\n  contexts = { tools = "tools" }\n  dockerfile = "${name}.Dockerfile"\n  args = { NONCE = "${nonce}" }\n  output = ["type=cacheonly"]\n${more}}\n`;
  return {
    "docker-bake.hcl": [
      'group "default" { targets = ["web", "api"] }\n',
      target("web"),
      'target "base" {\n  contexts = { tools = "tools" }\n  dockerfile = "base.Dockerfile"\n  args = { NONCE = "' + nonce + '" }\n}\n',
      'target "api" {\n  contexts = { base = "target:base" }\n  dockerfile = "api.Dockerfile"\n  output = ["type=cacheonly"]\n}\n',
      target("bad"),
      target("slow"),
      target("secret", '  secret = ["id=key,src=key.txt", "id=token,env=TOKEN"]\n'),
    ].join(""),
    "web.Dockerfile": `FROM tools as shell\nARG NONCE\nCOPY context.txt /\n${shell("echo web $NONCE; printf 'two\\nlines\\n'; printf open")}\nFROM shell\nMAINTAINER nobody\n${shell("echo 'err' >&2")}\n`,
    "base.Dockerfile": `FROM tools\nARG NONCE\n${shell("echo base $NONCE")}\n`,
    "api.Dockerfile": `FROM base\n${shell("for i in 1 2 3; do echo api $i; done")}\n`,
    "bad.Dockerfile": `FROM tools\nARG NONCE\n${shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3")}\n`,
    "slow.Dockerfile": `FROM tools\nARG NONCE\n${shell("echo asleep; /bin/busybox sleep 600")}\n`,
    "secret.Dockerfile": `FROM tools\nARG NONCE\nRUN --mount=type=secret,id=key --mount=type=secret,id=token,env=TOKEN ["/bin/busybox", "sh", "-c", "echo $NONCE; /bin/busybox cat /run/secrets/key; echo $TOKEN; printf %s \\"$TOKEN\\"; exit 4"]\n`,
    "context.txt": nonce,
    "key.txt": "canary-of-a-file-3141592653\n",
  };
}

const fresh = (): string => randomBytes(6).toString("hex");

describeEngines(
  "progress beside the reference",
  ["buildkitd", "dockerd"],
  (engine) => {
    interface Output {
      readonly text: string;
      readonly nonce: string;
    }

    /** The same build by both, each with a nonce of its own, so that both do all the work. */
    async function both(args: readonly string[]): Promise<readonly [ours: Output, theirs: Output]> {
      const outputs: Output[] = [];
      for (const run of [engine.tsbake.bind(engine), engine.reference.bind(engine)]) {
        const nonce = fresh();
        const { stderr } = await run(args, { cwd: engine.project(files(nonce)) });
        outputs.push({ nonce, text: stderr.replaceAll(nonce, "NONCE").replace("docker --debug", "--debug") });
      }
      return outputs as unknown as readonly [Output, Output];
    }

    for (const [what, target] of [
      ["a build", "web"],
      ["a failing build", "bad"],
      ["a linked build", "api"],
      ["a build of several targets", "default"],
    ] as const) {
      test(`plain: ${what} prints the same steps, and the same lines around them`, async () => {
        const [ours, theirs] = await both(["--progress=plain", target]);
        expect(plainSummary(ours.text)).toEqual(plainSummary(theirs.text));
      });
    }

    test("plain: steps are numbered as they come, after the line that names the builder", async () => {
      const [ours] = await both(["--progress=plain"]);
      expect([...plainBlocks(ours.text).values()].map(({ number }) => number)).toEqual([...plainBlocks(ours.text).keys()].map((_, i) => i + 1));
      expect(ours.text).toMatch(/^#0 building with ".*" instance using .* driver\n\n#1 \[internal\] load local bake definitions\n#1 reading docker-bake\.hcl/);
    });

    test("rawjson: the same steps, statuses, logs and warnings, in objects of the same keys", async () => {
      const [ours, theirs] = await both(["--progress=rawjson", "web"]);
      expect(rawSteps(ours.text, ours.nonce)).toEqual(rawSteps(theirs.text, theirs.nonce));
      expect(rawKeys(ours.text)).toEqual(rawKeys(theirs.text));
      expect(rawWarnings(ours.text)).toEqual(rawWarnings(theirs.text));
    });

    test("quiet: a build says nothing, a failing one why", async () => {
      const [ours, theirs] = await both(["--progress=quiet", "web"]);
      expect(ours.text).toBe(theirs.text);
      const [failed, expected] = await both(["--progress=quiet", "bad"]);
      expect(failed.text).toBe(expected.text);
    });
  },
  { needs: ["busybox", "reference"] },
);

describeEngines("progress", ["buildkitd", "dockerd"], (engine) => {
  const screen = (cwd: string, args: readonly string[], columns = 100, rows = 24): Screen =>
    new Screen([process.execPath, TSBAKE, ...args], { columns, rows, cwd, env: engine.env });

  describe("on a terminal", () => {
    test("a build has a row a target and a summary", async () => {
      const { exit, text } = await screen(engine.project(files(fresh())), []).done;
      expect(exit, text).toBe(0);
      expect(text).toMatch(/^\[\+\] Baking [\d.]+s \(3\/3 targets, \d+\/\d+ steps cached\) FINISHED/m);
      expect(text.match(/^ ✔ (?:web|api|base) .*s$/gm)).toHaveLength(3);
      expect(text).toMatch(/^3 targets in [\d.]+s: 3 succeeded; \d+ of \d+ steps cached/m);
      expect(text).toContain(" 2 warnings found (use --debug to expand):");
    });

    test("a failed target expands to its log and its Dockerfile lines, told once", async () => {
      const { exit, text } = await screen(engine.project(files(fresh())), ["bad"], 250, 30).done;
      expect(exit, text).toBe(1);
      expect(text).toMatch(/^ ✖ bad \[.*\] RUN/m);
      expect(text).toMatch(/^ {3}\d\.\d+ line 12$/m);
      expect(text.match(/>>> RUN/g)).toHaveLength(1);
      expect(text).toMatch(/^ERROR: failed to solve: process ".*" did not complete successfully: exit code: 3/m);
    });

    test("Ctrl-C cancels, shows what was cancelled, and gives the terminal back", async () => {
      const shown = screen(engine.project(files(fresh())), ["slow"]);
      await shown.shows("the sleeping step", (lines) => lines.some((line) => line.includes("asleep") && !line.includes("RUN")));
      shown.type("\u0003");
      const { exit, text } = await shown.done;
      expect(exit, text).toBe(130);
      expect(text).toMatch(/^ ◼ slow +cancelled/m);
      expect(shown.cursorHidden).toBe(false);
    });
  });

  test("--log-dir writes a whole log a target, --report all three formats", async () => {
    const nonce = fresh();
    const cwd = engine.project(files(nonce));
    mkdirSync(join(cwd, "out"));
    const run = expectSuccess(await engine.tsbake(["--log-dir=out/logs", "--report=out/r.html", "--report=out/r.json", "--report=out/r.trace.json"], { cwd }));
    expect(readdirSync(join(cwd, "out/logs")).sort()).toEqual(["api.log", "base.log", "web.log"]);
    const log = (name: string): string => readFileSync(join(cwd, "out/logs", `${name}.log`), "utf8");
    expect(log("web")).toMatch(new RegExp(`^#\\d+ \\d\\.\\d+ web ${nonce}$`, "m"));
    expect(log("api")).toMatch(/^#\d+ \d\.\d+ api 3$/m);
    expect(log("base"), run.story).toMatch(/^# target base succeeded at /m);
    const report = JSON.parse(readFileSync(join(cwd, "out/r.json"), "utf8")) as {
      readonly targets: readonly { readonly name: string; readonly state: string }[];
      readonly criticalPath: readonly number[];
    };
    expect(report.targets.map(({ name, state }) => `${name} ${state}`).sort()).toEqual(["api succeeded", "base succeeded", "web succeeded"]);
    expect(report.criticalPath.length).toBeGreaterThan(0);
    expect(readFileSync(join(cwd, "out/r.html"), "utf8")).toContain(nonce);
    expect(readFileSync(join(cwd, "out/r.trace.json"), "utf8")).toContain('"traceEvents"');
  });

  for (const mode of ["plain", "rawjson", "auto"]) {
    test(`a secret that a step prints is in no output of --progress=${mode}, no log and no report`, async () => {
      const cwd = engine.project(files(fresh()));
      const github = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(cwd, "out/summary.md") };
      mkdirSync(join(cwd, "out"));
      const args = [
        `--progress=${mode}`,
        "--log-dir=out/logs",
        "--report=out/r.html",
        "--report=out/r.json",
        "--report=out/r.trace.json",
        "--events=out/events",
        "secret",
      ];
      const run = await engine.tsbake(args, { cwd, env: { TOKEN: "canary-of-an-env-2718281828", ...(mode === "auto" ? github : {}) } });
      expect(run.exit, run.story).toBe(1);
      const written = readdirSync(join(cwd, "out"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(written.length).toBeGreaterThan(4);
      const texts = [run.stdout, run.stderr, ...written.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))];
      for (const text of texts) {
        expect(text).not.toContain("canary-of");
        // Logs in JSON are in base64.
        for (const [, data] of text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g))
          expect(Buffer.from(data as string, "base64").toString()).not.toContain("canary-of");
      }
      if (mode === "plain") expect(run.stderr).toMatch(/^#\d+ [\d.]+ \*\*\*$/m);
    });
  }
});
