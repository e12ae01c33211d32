/** Help texts, from the flag table. */
import { BAKE_FLAGS, type Flag } from "./options.ts";

const GROUPS: readonly Flag["group"][] = ["Definition", "Build", "Output", "Engine", "General"];

/** The help of `tsbake` and `tsbake bake`. */
export function bakeHelp(): string {
  let text = `Bake container images from docker-bake.hcl, docker-bake.json and compose files.

Usage:
  tsbake [bake] [OPTIONS] [TARGET...]

Without targets the group or target "default" is baked. Definitions are found in the
current directory: compose.yaml, docker-bake.json, docker-bake.hcl and their overrides.

Examples:
  tsbake                               bake the default group
  tsbake api web --push                bake two targets and push their images
  tsbake --print 'svc-*'               show what targets resolve to, without an engine
  tsbake --set '*.platform=linux/arm64' api
  tsbake -f docker-bake.hcl -f ci.hcl --metadata-file out.json
`;
  for (const group of GROUPS) text += `\n${group} options:\n${groupHelp(group)}`;
  return `${text}
Commands:
  bake       Bake targets; spell it out for a target that has the name of a command
  convert    Print the JSON form of an HCL or compose file
  engine     Show or stop the private BuildKit that tsbake starts where there is no other engine
  version    Show the version
  help       Show this help

Environment: BUILDX_BUILDER, BUILDKIT_HOST, DOCKER_HOST, BUILDX_BAKE_FILE, SOURCE_DATE_EPOCH
and the other variables of docker buildx bake; see docs/environment.md.
`;
}

function groupHelp(group: Flag["group"]): string {
  let text = "";
  for (const [name, row] of Object.entries(BAKE_FLAGS)) {
    const flag: Flag = row;
    if (flag.hidden || flag.group !== group) continue;
    const head = `  ${flag.short ? `-${flag.short}, ` : "    "}--${name}${flag.value ? valueText(flag) : ""}`;
    text += head.length < 34 ? `${head.padEnd(34)} ${flag.help}\n` : `${head}\n${" ".repeat(35)}${flag.help}\n`;
  }
  return text;
}

/** A value that may be left out needs an equals sign. */
const valueText = ({ kind, value }: Flag): string => (kind === "optional" ? `[=${value}]` : ` ${value}`);
