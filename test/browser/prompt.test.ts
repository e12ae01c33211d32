/** The question whether to grant privileges, as a person at a terminal meets it. */
import { expect, test } from "vitest";
import { project, TSBAKE } from "../cli/rig.ts";
import { Screen } from "./screen.ts";

/** No engine answers there: an answer that is a yes is seen by what comes next. */
const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
const question = "Do you want to grant requested privileges and continue? [y/N]";

async function asked(args: readonly string[] = []): Promise<Screen> {
  const cwd = project({
    "docker-bake.hcl": 'target "default" {\n  entitlements = ["network.host"]\n  output = ["type=cacheonly"]\n}\n',
    Dockerfile: "FROM scratch\n",
  });
  const screen = new Screen([process.execPath, TSBAKE, ...args], { columns: 120, rows: 30, cwd, env });
  await screen.shows("the question", (lines) => lines.some((line) => line.includes("[y/N]")));
  return screen;
}

test("y goes on", async () => {
  const screen = await asked();
  screen.type("y\r");
  const { exit, text } = await screen.done;
  expect(exit, text).toBe(1);
  expect(text).toContain(question);
  expect(text).toContain("/nonexistent/docker.sock");
});

test.each(["n\r", "\r", "yes\r", "\u0004"])("%j refuses", async (answer) => {
  const screen = await asked();
  screen.type(answer);
  const { exit, text } = await screen.done;
  expect(exit, text).toBe(1);
  expect(text).not.toContain("/nonexistent/docker.sock");
  expect(text).toMatch(/ERROR: additional privileges requested$/);
});

test("Ctrl-C cancels", async () => {
  const screen = await asked();
  screen.type("\u0003");
  const { exit, text } = await screen.done;
  expect(exit, text).toBe(130);
  expect(text).toMatch(/ERROR: context canceled$/);
});

test("the end of the time cancels", async () => {
  const { exit, text } = await (await asked(["--timeout=3s"])).done;
  expect(exit, text).toBe(1);
  expect(text).toMatch(/ERROR: the bake timed out after 3s$/);
});
