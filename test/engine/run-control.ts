/** Asks a suite's engine directly: what its cache and its history hold. */
import { ControlClient } from "../../src/runner/buildkit/client.ts";
import { connect } from "../../src/runner/connect.ts";
import { nodeHost } from "../../src/node-host.ts";
import { temporaryFolder, type EngineRig } from "./rig.ts";

export async function withControl<T>(engine: EngineRig, work: (control: ControlClient) => Promise<T>): Promise<T> {
  const connected = await connect({ host: nodeHost({ env: { HOME: temporaryFolder(), ...engine.env } }) });
  try {
    await connected.prepare({ platforms: [[]] });
    return await work(new ControlClient(connected.node(0).channel));
  } finally {
    await connected.close();
  }
}

/** Empties the build cache of an engine that is there for the tests alone. */
export async function pruneCache(engine: EngineRig): Promise<void> {
  if (!engine.own) return;
  await withControl(engine, async (control) => {
    for await (const record of control.prune({ filter: [], all: true })) void record;
  });
}

/** The build argument by which a test knows its builds: other suites use the same engine. */
export const MARK = "TEST_MARK";

/** How many builds with a mark the engine is running. */
export function runningBuilds(engine: EngineRig, mark: string): Promise<number> {
  return withControl(engine, async (control) => {
    let count = 0;
    for await (const { type, record } of control.listenBuildHistory({ activeOnly: true, earlyExit: true })) {
      if (type === "started" && record.frontendAttributes[`build-arg:${MARK}`] === mark) count++;
    }
    return count;
  });
}
