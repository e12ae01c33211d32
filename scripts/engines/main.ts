/**
 * `npm run engines`: provides engines for the demo and the tests where the machine has none.
 *
 *   node scripts/engines.mjs          install what is missing; starts nothing
 *   node scripts/engines.mjs start    start a private docker engine and print its address
 *   node scripts/engines.mjs stop     end what `start` and the demo left running
 */
import { engineLayout } from "./folder.ts";
import { installEngines } from "./install.ts";
import { say, SetupError } from "./progress.ts";
import { demoFolder, startDemoEngine, stopLeftovers } from "./running.ts";

async function main(command: string | undefined): Promise<void> {
  const layout = engineLayout(process.env);
  switch (command) {
    case undefined:
    case "install":
      return await installEngines(layout);
    case "start":
      await installEngines(layout);
      process.stdout.write(`${await startDemoEngine(layout)}\n`);
      return;
    case "stop":
      return await stopLeftovers(layout, [demoFolder(layout)]);
    default:
      throw new SetupError(`unknown command "${command}"; there are: install, start, stop`);
  }
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof SetupError ? `engines: ${error.message}` : String((error as Error).stack));
    process.exit(1);
  },
);
