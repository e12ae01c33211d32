import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BakeEvent, VertexWarning } from "../../../../src/events.ts";
import { GitHubRenderer } from "../../../../src/runner/progress/github.ts";
import { JobSummary } from "../../../../src/runner/progress/job-summary.ts";
import { stamped } from "../../../../src/runner/progress/stamped.ts";
import { annotationPath, workflowCommand } from "../../../../src/runner/progress/workflow-command.ts";
import { at, Clock, log, replay, start, status, target, vertex } from "./rig.ts";

const sources = { workspace: "/work", dockerfileOf: (name: string) => (name === "web" ? "/work/services/web/Dockerfile" : undefined) };

const warning: VertexWarning = {
  vertex: "web-1",
  level: 1,
  short: Buffer.from("FromAsCasing: 'as' and 'FROM' do not match"),
  detail: [Buffer.from("They should.")],
  url: "https://example.org/rule",
  source: { filename: "Dockerfile", data: Buffer.from("FROM a as b\n"), language: "Dockerfile" },
  ranges: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }],
};

const web: readonly BakeEvent[] = [
  target("web", "running"),
  {
    ...status({
      vertexes: [vertex("web-1", "[1/1] RUN x", { started: at(0) })],
      logs: [log("web-1", "::error::not a command\n", 0.5)],
      warnings: [warning],
    }),
    target: "web",
  },
  { ...status({ vertexes: [vertex("web-1", "[1/1] RUN x", { started: at(0), completed: at(1), error: "exit code: 2" })] }), target: "web" },
  target("web", "failed", { error: "failed to solve: exit code: 2", places: [{ filename: "Dockerfile", text: "FROM a as b\nRUN x\n", first: 2, last: 2 }] }),
];

const api: readonly BakeEvent[] = [
  target("api", "running"),
  { ...status({ vertexes: [vertex("api-1", "[1/1] COPY", { started: at(0), completed: at(0), cached: true })] }), target: "api" },
  target("api", "succeeded", { image: { digest: "sha256:1", names: ["api:1"], pushed: true } }),
];

async function show(events: readonly BakeEvent[]): Promise<string> {
  let text = "";
  const renderer = new GitHubRenderer({ write: (part) => (text += part), env: {}, now: new Clock().now }, { sources, token: "token" });
  await replay(renderer, events);
  return text;
}

describe("GitHub Actions", () => {
  test("what the client does itself is told when it took a while", async () => {
    const boot = status({
      vertexes: [
        vertex("b", "[internal] booting buildkit", { started: at(0), completed: at(3) }),
        vertex("r", "[internal] load local bake definitions", { started: at(0), completed: at(0) }),
      ],
    });
    expect(await show([start("web", "api"), boot])).toBe(
      'building with "default" instance using docker driver\n::stop-commands::token\n[internal] booting buildkit 3.0s\n::token::\n',
    );
    expect(await show([start("web"), boot])).toContain("::stop-commands::token\n[internal] booting buildkit 3.0s\n");
  });

  test("a group a target, in the order in which they end, failures and annotations in the open", async () => {
    const [running, first, second, failed] = web as readonly [BakeEvent, BakeEvent, BakeEvent, BakeEvent];
    expect(await show([start("web", "api"), running, first, ...api, second, failed])).toBe(
      `building with "default" instance using docker driver
::warning file=services/web/Dockerfile,line=1,endLine=1,title=FromAsCasing::'as' and 'FROM' do not match%0AThey should.%0AMore info: https://example.org/rule
::group::target api succeeded in 0.0s (1 of 1 steps cached)
::stop-commands::token
#1 [1/1] COPY
#1 CACHED
::token::
::endgroup::
::group::target web failed in 0.0s (0 of 1 steps cached)
::stop-commands::token
#1 [1/1] RUN x
#1 WARN: FromAsCasing: 'as' and 'FROM' do not match
#1 0.500 ::error::not a command
#1 ERROR: exit code: 2
------
 > [1/1] RUN x:
0.500 ::error::not a command
------
::token::
::endgroup::
::stop-commands::token
> [1/1] RUN x:
0.500 ::error::not a command
Dockerfile:2
--------------------
   1 |     FROM a as b
   2 | >>> RUN x
   3 |     ${""}
--------------------
failed to solve: exit code: 2
::token::
::error file=services/web/Dockerfile,line=2,endLine=2,title=target web failed::failed to solve: exit code: 2
`,
    );
  });

  test("a single target is shown as it goes, in one group", async () => {
    const text = await show([start("api"), ...api]);
    expect(text).toBe(
      'building with "default" instance using docker driver\n::group::target api\n::stop-commands::token\n#1 [1/1] COPY\n#1 CACHED\n::token::\n::endgroup::\ntarget api succeeded in 0.0s (1 of 1 steps cached)\n',
    );
  });

  test("what was under way when the run ended is shown too", async () => {
    expect(await show([start("web", "api"), ...web.slice(0, 2)])).toContain("::group::target web was interrupted\n");
  });

  test("commands are escaped, and files are told from the root of the workspace", () => {
    expect(workflowCommand("error", { file: "a:b,c", line: 3, title: undefined }, "50%\r\nx")).toBe("::error file=a%3Ab%2Cc,line=3::50%25%0D%0Ax\n");
    expect(annotationPath("Dockerfile", "web", sources)).toBe("services/web/Dockerfile");
    expect(annotationPath("other.Dockerfile", "web", sources)).toBe("other.Dockerfile");
    expect(annotationPath("Dockerfile", "remote", sources)).toBe("Dockerfile");
  });
});

test("the job summary is a table, with failures and warnings below, and no markup of a build's", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "tsbake-summary-")), "summary.md");
  const evil = "<img src=x>|*bold*";
  await replay(new JobSummary(path, { sources, now: new Clock().now }), [start("web", "api", evil), ...web, ...api, target(evil, "skipped")]);
  expect(readFileSync(path, "utf8")).toBe(
    `### Bake: 1 succeeded, 1 failed, 1 skipped

| State | Target | Time | Cached steps | Transferred | Image |
| --- | --- | ---: | ---: | ---: | --- |
| ❌ failed | web | 0.0s | 0 of 1 |  |  |
| ✅ succeeded | api | 0.0s | 1 of 1 |  | <code>api:1</code><br><code>sha256:1</code> |
| ⏭️ skipped | &lt;img src=x&gt;\\|\\*bold\\* |  |  |  |  |

<details open><summary>❌ web</summary>

<pre>&gt; [1/1] RUN x:
0.500 ::error::not a command
Dockerfile:2
--------------------
   1 |     FROM a as b
   2 | &gt;&gt;&gt; RUN x
   3 |     ${""}
--------------------
failed to solve: exit code: 2</pre>
</details>

#### 1 warning

- <code>services/web/Dockerfile:1</code> FromAsCasing: 'as' and 'FROM' do not match

`,
  );
});

test("time stamps stand in front of every line, also of one that is continued", () => {
  let text = "";
  const clock = new Clock();
  const display = stamped({ write: (part) => (text += part), env: {}, now: clock.now });
  display.write("a\nb");
  clock.set(61);
  display.write("c\n\nd\n");
  display.write("");
  expect(text).toBe("2023-11-14T22:13:20Z a\n2023-11-14T22:13:20Z bc\n2023-11-14T22:14:21Z \n2023-11-14T22:14:21Z d\n");
});
