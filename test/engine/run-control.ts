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

/** How many builds the engine is running. */
export function runningBuilds(engine: EngineRig): Promise<number> {
  return withControl(engine, async (control) => {
    let count = 0;
    for await (const { type } of control.listenBuildHistory({ activeOnly: true, earlyExit: true })) if (type === "started") count++;
    return count;
  });
}
