import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileNames } from "../../../../src/runner/progress/file-name.ts";
import { LogFiles } from "../../../../src/runner/progress/log-files.ts";
import { at, Clock, log, start, status, target, vertex } from "./rig.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "tsbake-log-"));

test("each target gets the whole plain log of its own, with how it ended", async () => {
  const directory = join(folder(), "a/b");
  const files = new LogFiles(directory, { env: {}, now: new Clock().now });
  files.handle(start("app", "web"));
  files.handle(target("app", "running", { time: at(0) }));
  for (const name of ["app", "web"]) {
    files.handle({
      ...status({
        vertexes: [vertex("1", "[1/2] COPY", { started: at(0), completed: at(1), cached: true }), vertex("2", "[2/2] RUN", { started: at(1) })],
        logs: [log("2", `for ${name}\n`, 1.5)],
      }),
      target: name,
    });
  }
  files.handle({ ...status({ vertexes: [vertex("2", "[2/2] RUN", { started: at(1), completed: at(2), error: "exit code: 1" })] }), target: "app" });
  expect(readdirSync(directory).sort()).toEqual(["app.log.partial", "web.log.partial"]);
  files.handle(
    target("app", "failed", {
      time: at(3),
      error: "failed to solve: exit code: 1",
      places: [{ filename: "Dockerfile", text: "FROM x\nRUN y\n", first: 2, last: 2 }],
    }),
  );
  await files.finish();
  expect(readdirSync(directory).sort()).toEqual(["app.log", "web.log.partial"]);
  expect(readFileSync(join(directory, "app.log"), "utf8")).toBe(
    `# target app
#0 building with "default" instance using docker driver

#1 [1/2] COPY
#1 CACHED

#2 [2/2] RUN
#2 0.500 for app
#2 ERROR: exit code: 1
------
 > [2/2] RUN:
0.500 for app
------

Dockerfile:2
--------------------
   1 |     FROM x
   2 | >>> RUN y
   3 |     ${""}
--------------------
ERROR: failed to solve: exit code: 1
# target app failed at 2023-11-14T22:13:23Z after 3.0s
`,
  );
  expect(readFileSync(join(directory, "web.log.partial"), "utf8")).toContain("#2 0.500 for web\n");
});

test("names of targets never leave the folder, and no two share a file", () => {
  const names = new FileNames();
  const given = ["app", "App", "../../etc/passwd", "..", ".hidden", "a/b", "a\\b", "con", "nul.txt", "", "é", "v1.2"].map((name) => names.of(name));
  expect(given).toEqual(["app", "App-2", "%2E.%2F..%2Fetc%2Fpasswd", "%2E.", "%2Ehidden", "a%2Fb", "a%5Cb", "_con", "_nul.txt", "_", "%C3%A9", "v1.2"]);
  expect(names.of("App")).toBe("App-2");
  expect(names.of("x".repeat(1000)).length).toBeLessThan(200);
});

test("a link that lies in the place of a log is replaced, not followed", async () => {
  const directory = folder();
  const elsewhere = join(folder(), "precious");
  writeFileSync(elsewhere, "precious");
  symlinkSync(elsewhere, join(directory, "app.log"));
  symlinkSync(elsewhere, join(directory, "app.log.partial"));
  const files = new LogFiles(directory, { env: {}, now: new Clock().now });
  files.handle(target("app", "succeeded"));
  await files.finish();
  expect(readFileSync(elsewhere, "utf8")).toBe("precious");
  expect(readFileSync(join(directory, "app.log"), "utf8")).toContain("# target app succeeded");
});

test("a folder that cannot be made is told before anything is built", () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  expect(() => new LogFiles(join(file, "logs"), { env: {}, now: new Clock().now })).toThrow(/^cannot write log files: ENOTDIR/);
});
