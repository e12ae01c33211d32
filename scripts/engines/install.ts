/** Provides what is missing for the demo and the engine tests, in a private folder. */
import { mkdirSync } from "node:fs";
import { debianRelease, installDebianGo, installDebianPackages } from "./debian.ts";
import type { EngineLayout } from "./folder.ts";
import { findBuildkit, findDocker } from "./found.ts";
import { allBuilt, buildGoPrograms, findGo } from "./golang.ts";
import { findPrograms } from "./programs.ts";
import { say, SetupError } from "./progress.ts";

/** All suites must run, so every engine must be there, whatever the machine offers. */
const allRequired = (): boolean => process.env["TSBAKE_TEST_ENGINES"] === "required";

/** Does nothing where an engine answers already (unless the tests require all kinds). */
export async function installEngines(layout: EngineLayout): Promise<void> {
  const found = (await findDocker()) ?? (await findBuildkit());
  if (found) {
    say(`engines: ${found.kind} ${found.version} answers at ${found.address}`);
    if (!allRequired()) return;
  }
  mkdirSync(layout.root, { recursive: true, mode: 0o700 });
  const release = debianRelease();
  if (process.getuid?.() !== 0) throw new SetupError(`private engines need root to run. ${OTHERWISE}`);
  let go = findGo();
  if (release === undefined && go === undefined) throw new SetupError(`private engines need Debian (for its packages) or Go. ${OTHERWISE}`);
  if (release !== undefined) await installDebianPackages(layout, release);
  if (!allBuilt(layout)) {
    if (go === undefined && release !== undefined && allRequired()) go = await installDebianGo(layout, release);
    if (go !== undefined) await buildGoPrograms(layout, go);
    else say("engines: no Go here, so neither a stand-alone buildkitd nor the reference is built; their tests are skipped");
  }
  const names = Object.keys(findPrograms(layout, process.env));
  say(`engines: ready in ${layout.root}: ${names.join(", ")}`);
}

const OTHERWISE = "Start Docker, or set BUILDKIT_HOST to a BuildKit that runs, and try again";
