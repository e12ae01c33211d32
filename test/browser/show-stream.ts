/**
 * A program for terminal tests: shows a made-up build as the command line does, up to a given second, waits for
 * SIGUSR2, and shows the rest. Its clock stands still, so that a screen does not depend on how fast the machine is.
 */
import { createRenderer, stderrDisplay } from "../../src/cli/display.ts";
import { nodeHost } from "../../src/node-host.ts";
import { at, madeUpBuild, type StreamOptions } from "./stream.ts";

export interface ShowOptions extends StreamOptions {
  /** Seconds of the build to show before waiting. */
  readonly until: number;
}

async function main(options: ShowOptions): Promise<void> {
  const host = nodeHost();
  let seconds = 0;
  const display = { ...stderrDisplay(host), now: () => Number(at(seconds) / 1_000_000n) };
  const renderer = await createRenderer("tty", display, () => ({ sources: { dockerfileOf: () => undefined, workspace: "/" }, token: "" }));
  const events = madeUpBuild(options);
  const play = (from: number, to: number): void => {
    for (const [time, event] of events) {
      if (time < from || time >= to) continue;
      seconds = time;
      renderer.handle(event);
    }
    seconds = Math.min(to, events.at(-1)?.[0] ?? 0);
  };
  const cancelled = new Promise<boolean>((resolve) => {
    process.once("SIGINT", () => resolve(true));
    process.once("SIGUSR2", () => resolve(false));
  });
  play(0, options.until);
  if (await cancelled) {
    const shown = events.flatMap(([time, event]) => (time < options.until && event.type === "target" ? [event] : []));
    const ended = new Set(shown.filter(({ state }) => state !== "running").map(({ target }) => target));
    const open = events.flatMap(([, event]) => (event.type === "start" ? event.targets : [])).filter((target) => !ended.has(target));
    for (const target of open) renderer.handle({ type: "target", target, state: "cancelled", attempt: 1, time: at(seconds) });
    renderer.handle({ type: "end", succeeded: [], failed: [], cancelled: open, skipped: [], time: at(seconds) });
    await renderer.finish();
    process.exit(130);
  }
  play(options.until, Number.POSITIVE_INFINITY);
  await renderer.finish();
  process.exit(0);
}

await main(JSON.parse(process.argv[2] ?? "{}") as ShowOptions);
