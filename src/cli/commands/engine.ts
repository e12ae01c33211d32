/** `tsbake engine status|stop`: the private engine that tsbake starts where it finds no other. */
import { nodeHost } from "../../node-host.ts";
import { endOrphan, keepEngine } from "../../runner/engine/keeper.ts";
import { askKeeper, readRecord, type Answer, type EngineRecord } from "../../runner/engine/keeper-talk.ts";
import { engineFolder, formatDuration } from "../../runner/engine/private.ts";
import { writeAll } from "../output.ts";

const HELP = `Look after the private BuildKit, which tsbake starts where no Docker engine answers, nothing is
configured and a buildkitd is on PATH.

Usage:
  tsbake engine status
  tsbake engine stop [--force]

  status     Show whether it runs, where, who uses it and when it stops
  stop       Stop it; its cache stays. With --force also while builds use it

It stops by itself when it was not used for 15 minutes; TSBAKE_ENGINE_IDLE sets another time (such as
1h30m) for the next start, or "off". Its cache and its log are in ~/.local/share/tsbake/engine (below
TSBAKE_DATA if that is set); to be rid of the cache, stop the engine and remove the folder.
`;

/** Runs the command and resolves to the exit status. */
export async function engine(argv: readonly string[]): Promise<number> {
  const [action, ...rest] = argv;
  if (argv.includes("--help") || argv.includes("-h")) {
    writeAll(1, HELP);
    return 0;
  }
  const folder = engineFolder(nodeHost());
  if (action === "keep") return await keep(rest);
  if (action === "status" && rest.length === 0) return await status(folder);
  if (action === "stop" && rest.every((argument) => argument === "--force")) return await stop(folder, rest.length > 0);
  writeAll(2, `ERROR: tsbake engine takes "status" or "stop [--force]"; see: tsbake engine --help\n`);
  return 1;
}

/** The keeper's own process; not for people. It says one line of JSON to who started it. */
async function keep([folder = "", program = "", idle = ""]: readonly string[]): Promise<number> {
  // Who started it may be gone by the time there is something to say.
  process.stdout.on("error", () => undefined);
  const report = (outcome: object): void => void process.stdout.write(`${JSON.stringify(outcome)}\n`);
  return await keepEngine({ folder, program, report, ...(idle === "off" ? {} : { idleMs: Number(idle) }) });
}

interface Asked {
  readonly record: EngineRecord;
  readonly reply: Answer["reply"];
}

async function ask(folder: string, request: Parameters<typeof askKeeper>[1]): Promise<Asked | undefined> {
  const record = readRecord(folder);
  const answer = record && (await askKeeper(record, request));
  answer?.connection.destroy();
  return answer && { record, reply: answer.reply };
}

async function status(folder: string): Promise<number> {
  const asked = await ask(folder, { want: "status" });
  if (!asked) {
    writeAll(1, "The private BuildKit does not run.\n");
    return 0;
  }
  const { record, reply } = asked;
  const stops = record.idleMs === undefined ? "when told to" : `when not used for ${formatDuration(record.idleMs)}`;
  const left = reply.leftMs === undefined ? "" : ` (in ${formatDuration(reply.leftMs)})`;
  const rows = [
    ["Address", record.address],
    ["Process", String(record.enginePid)],
    ["Since", record.since.replace(/\.\d+Z$/, "Z")],
    ["Used by", `${reply.users} ${reply.users === 1 ? "run" : "runs"}`],
    ["Stops", `${stops}${left}`],
    ["Cache", `${folder}/state`],
    ["Log", `${folder}/buildkitd.log`],
  ];
  writeAll(1, `The private BuildKit runs.\n${rows.map(([name = "", value = ""]) => `${`${name}:`.padEnd(10)}${value}\n`).join("")}`);
  return 0;
}

async function stop(folder: string, force: boolean): Promise<number> {
  const asked = await ask(folder, { want: "stop", force });
  if (asked?.reply.refused) {
    const { users } = asked.reply;
    writeAll(2, `ERROR: ${users} ${users === 1 ? "run uses" : "runs use"} the private BuildKit; --force stops it anyway\n`);
    return 1;
  }
  const stopped = asked !== undefined || (await endOrphan(folder));
  writeAll(1, stopped ? "The private BuildKit was stopped.\n" : "The private BuildKit does not run.\n");
  return 0;
}
