/** `tsbake convert FILE`: a definition in its JSON form on standard output. */
import { DECODERS } from "../../bake/fields.ts";
import { printDefinition } from "../../bake/print.ts";
import { resolve } from "../../bake/resolve.ts";
import { type Host, HostError } from "../../host.ts";
import { convertHcl } from "../../loaders/hcl2json.ts";
import { load } from "../../loaders/load.ts";
import { nodeHost } from "../../node-host.ts";
import { writeAll } from "../output.ts";
import { refuse } from "../refuse.ts";

const HELP = `Convert a definition to its JSON form, on standard output.

Usage:
  tsbake convert FILE

FILE is an HCL file (expressions are kept: "\${...}"), a compose file (the targets of its services), or -
for standard input, which is read as HCL.

Examples:
  tsbake convert docker-bake.hcl > docker-bake.json
  tsbake convert compose.yaml
`;

/** Runs the command and resolves to the exit status. */
export async function convert(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    writeAll(1, HELP);
    return 0;
  }
  const [file, ...rest] = argv.filter((argument) => argument !== "--");
  if (file === undefined || rest.length > 0 || (file !== "-" && file.startsWith("-"))) {
    writeAll(2, `ERROR: tsbake convert takes one file, such as: tsbake convert docker-bake.hcl\n`);
    return 1;
  }
  const host = nodeHost();
  return /\.ya?ml$/i.test(file) ? await convertCompose(file, host) : await convertNative(file, host);
}

async function convertNative(file: string, host: Host): Promise<number> {
  const read = readText(file, host);
  if (typeof read !== "object") {
    writeAll(2, `ERROR: ${read}\n`);
    return 1;
  }
  const converted = await convertHcl(file === "-" ? "-.hcl" : file, read.text);
  if (!converted.ok) {
    writeAll(2, `ERROR: ${converted.message}\n`);
    return 1;
  }
  writeAll(1, `${JSON.stringify(converted.body, undefined, 2)}\n`);
  return 0;
}

/** Compose has no expressions that outlive reading: what its services resolve to is the JSON form. */
async function convertCompose(file: string, host: Host): Promise<number> {
  const loaded = await load({ files: [file], vars: new Map(), decoders: DECODERS }, { host });
  if (!loaded.ok) return refuse(loaded.diagnostics);
  const resolved = resolve(loaded.value, { targets: [], overrides: [], host: { ...host, env: {} } });
  if (!resolved.ok) return refuse(resolved.diagnostics);
  writeAll(1, printDefinition(resolved.value));
  return 0;
}

function readText(file: string, host: Host): { readonly text: string } | string {
  try {
    return { text: new TextDecoder().decode(file === "-" ? host.readStdin() : host.readFile(file)) };
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}
