/** The command line: picks the command, runs it, and turns its outcome into an exit status. */
import { bake } from "./commands/bake.ts";
import { formatThrown } from "./failures.ts";
import { bakeHelp } from "./help.ts";
import { nearestName } from "../bake/nearest.ts";
import { BAKE_FLAGS, parseArguments } from "./options.ts";
import { writeAll } from "./output.ts";
import { isReserved } from "./reserved.ts";
import type { Pace } from "./request.ts";
import { VERSION } from "./version.ts";

/** Runs the tool with the arguments after the program's name and resolves to the exit status. Never rejects. */
export async function main(argv: readonly string[], pace?: Pace): Promise<number> {
  const debug = argv.includes("--debug") || argv.includes("-D");
  try {
    return await dispatch(argv, pace);
  } catch (error) {
    const { text, exitCode } = formatThrown(error, debug);
    writeAll(2, text);
    return exitCode;
  }
}

/**
 * Commands are first words; any other first word is a target. Every name that tsbake means to use as a
 * command is reserved from the start, so that no definition breaks when the command arrives.
 */
async function dispatch(argv: readonly string[], pace: Pace | undefined): Promise<number> {
  const word = argv[0];
  if (word === "bake" || word === "f") return runBake(argv.slice(1), true, pace);
  if (word === "version") return printVersion();
  if (word === "help") return printHelp();
  if (word === "convert") return (await import("./commands/convert.ts")).convert(argv.slice(1));
  if (word === "engine") return (await import("./commands/engine.ts")).engine(argv.slice(1));
  if (word !== undefined && isReserved(word)) {
    writeAll(
      2,
      `"${word}" is the name of a command that this version of tsbake does not have.\nTo bake a target of that name: tsbake bake ${word}\nERROR: unknown command: "${word}"\n`,
    );
    return 1;
  }
  return runBake(argv, false, pace);
}

async function runBake(argv: readonly string[], explicit: boolean, pace: Pace | undefined): Promise<number> {
  const parsed = parseArguments(argv);
  if (!parsed.ok) {
    const guess = parsed.unknownFlag === undefined ? undefined : nearestName(parsed.unknownFlag, Object.keys(BAKE_FLAGS));
    writeAll(2, `${guess ? `hint: did you mean --${guess}?\n` : ""}ERROR: ${parsed.message}\n`);
    return 1;
  }
  if (parsed.options.help) return printHelp();
  if (parsed.options.version) return printVersion();
  return bake(parsed.options, parsed.positionals, { explicit, argv: ["tsbake", ...(explicit ? ["bake"] : []), ...argv], pace });
}

function printHelp(): number {
  writeAll(1, bakeHelp());
  return 0;
}

function printVersion(): number {
  writeAll(1, `tsbake ${VERSION}\n`);
  return 0;
}
