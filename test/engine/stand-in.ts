/** Programs that tsbake starts to reach an engine, replaced by ones that note their arguments and lead to the engine at hand. */
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { temporaryFolder } from "./rig.ts";

/**
 * A folder for PATH with the program in it; its arguments go to `log`, one a line. With FAIL_WITH it fails with that message.
 * What asks for BuildKit runs `buildctl dial-stdio` where that is installed.
 */
export function standIn(address: string, program: string): { readonly PATH: string; readonly log: string } {
  const folder = temporaryFolder();
  const log = join(folder, "arguments");
  const buildctl = join(engineLayout(process.env).bin, "buildctl");
  const pipe = `const s = require("net").connect(${JSON.stringify(address.slice("unix://".length))}); process.stdin.pipe(s).pipe(process.stdout);`;
  const real = `require("child_process").spawn(${JSON.stringify(buildctl)}, ["--addr", ${JSON.stringify(address)}, "dial-stdio"], { stdio: "inherit" });`;
  const lead = existsSync(buildctl) ? `if (process.argv.includes("buildctl")) ${real} else { ${pipe} }` : pipe;
  const script =
    `#!${process.execPath}\nrequire("fs").writeFileSync(${JSON.stringify(log)}, process.argv.slice(2).join("\\n"));\n` +
    `if (process.env.FAIL_WITH) { console.error(process.env.FAIL_WITH); process.exit(3); }\n${lead}\n`;
  writeFileSync(join(folder, program), script);
  chmodSync(join(folder, program), 0o755);
  return { PATH: `${folder}:${process.env["PATH"]}`, log };
}
