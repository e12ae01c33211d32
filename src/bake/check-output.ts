/** Where outputs go must be possible before anything is built (spec/bake.md 11.2). */
import type { Host } from "../host.ts";
import { lookAt } from "./look.ts";
import { goBool } from "../go-text.ts";
import type { OutputEntry } from "./model.ts";

/** What is wrong with the first impossible output of one target. */
export function checkOutputs(outputs: readonly OutputEntry[], host: Host): string | undefined {
  let stdoutTaken = false;
  for (const output of outputs) {
    const sink = sinkKind(output);
    const dest = output["dest"] ?? "";
    if (sink === "directory") {
      const problem = checkDirectory(output.type, dest, host);
      if (problem !== undefined) return problem;
    }
    if (sink !== "file") continue;
    if (dest === "-") {
      if (stdoutTaken) return "multiple outputs configured to write to stdout";
      if (host.tty.stdout) return `dest file is required for ${output.type} exporter. refusing to write to console`;
      stdoutTaken = true;
    } else if (dest !== "") {
      const stat = lookAt(dest, host);
      if (typeof stat === "string") return `invalid destination file: ${dest}: ${stat}`;
      if (stat?.kind === "directory") return `destination file ${dest} is a directory`;
    }
  }
  return undefined;
}

/** What an output writes on this machine. */
export function sinkKind({ type, tar }: OutputEntry & { readonly tar?: string }): "directory" | "file" | "none" {
  switch (type) {
    case "local":
      return "directory";
    case "tar":
      return "file";
    case "oci":
    case "docker":
      return goBool(tar ?? "") === false ? "directory" : "file";
    default:
      return "none";
  }
}

function checkDirectory(type: string, dest: string, host: Host): string | undefined {
  if (dest === "") return `dest is required for ${type} exporter`;
  if (dest === "-") return `dest cannot be stdout for ${type} exporter`;
  const stat = lookAt(dest, host);
  if (typeof stat === "string") return `invalid destination directory: ${dest}: ${stat}`;
  return stat && stat.kind !== "directory" ? `destination directory ${dest} is a file` : undefined;
}
