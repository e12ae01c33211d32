/**
 * `npm run demo`: finds or provides an engine, bakes examples/monorepo with the built command and shows what came out.
 * A private engine is stopped at the end, unless told `-- --keep`.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copyBusybox, findBusybox } from "../engines/busybox.ts";
import { type EngineLayout, engineLayout } from "../engines/folder.ts";
import { findBuildkit, findDocker } from "../engines/found.ts";
import { installEngines } from "../engines/install.ts";
import { SetupError, say } from "../engines/progress.ts";
import { demoFolder, startDemoEngine, stopLeftovers } from "../engines/running.ts";
import { showResults } from "./results.ts";

const EXAMPLE = join(process.cwd(), "examples/monorepo");
const OUT = join(EXAMPLE, "out");

/** What the bake is given beside the example. */
interface Engine {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Started for the demo. */
  readonly own: boolean;
}

async function chooseEngine(layout: EngineLayout): Promise<Engine> {
  const found = (await findDocker()) ?? (await findBuildkit());
  if (!found) {
    const address = await startDemoEngine(layout);
    say(`demo: started a private docker engine at ${address}`);
    return { env: { DOCKER_HOST: address }, args: [], own: true };
  }
  // The classic image store cannot hold an image for several platforms.
  return { env: {}, args: found.kind === "dockerd-classic" ? ["--set", "agent.platform=local"] : [], own: false };
}

/** The base of the example needs a shell: a static busybox of this machine, or else an image is pulled. */
function provideBusybox(layout: EngineLayout): Readonly<Record<string, string>> {
  const busybox = process.platform === "linux" ? findBusybox(layout) : undefined;
  if (busybox === undefined) {
    say("demo: no static busybox on this machine, so the image busybox:musl is pulled instead");
    return { BUSYBOX: "docker-image://busybox:musl" };
  }
  copyBusybox(busybox, join(EXAMPLE, ".busybox"));
  return {};
}

function run(program: string, args: readonly string[], options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): void {
  const { status, signal } = spawnSync(program, args, { ...options, env: { ...process.env, ...options.env }, stdio: "inherit" });
  if (status !== 0) throw new SetupError(`${args.join(" ")} ended with ${signal ?? `status ${status}`}`);
}

async function main(): Promise<void> {
  const layout = engineLayout(process.env);
  await installEngines(layout);
  run(process.execPath, ["scripts/build.mjs", "--bin"], { cwd: process.cwd() });
  const engine = await chooseEngine(layout);
  try {
    const env = { ...engine.env, ...provideBusybox(layout) };
    rmSync(OUT, { recursive: true, force: true });
    const metadata = join(OUT, "metadata.json");
    const args = ["--metadata-file", metadata, ...engine.args];
    say(`\n$ cd examples/monorepo && tsbake ${args.join(" ")}`);
    run(process.execPath, [join(process.cwd(), "dist/bin/tsbake.cjs"), ...args], { cwd: EXAMPLE, env });
    showResults(metadata, OUT);
  } finally {
    if (engine.own && !process.argv.includes("--keep")) await stopLeftovers(layout, [demoFolder(layout)]);
    else if (engine.own) say(`\nThe private engine goes on: DOCKER_HOST=${engine.env["DOCKER_HOST"]}\nEnd it with: node scripts/engines.mjs stop`);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof SetupError ? `demo: ${error.message}` : String((error as Error).stack));
    process.exit(1);
  },
);
