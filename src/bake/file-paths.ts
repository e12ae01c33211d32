/** Paths relative to the file that holds them (spec/bake.md 2.4). */
import { joinPath } from "../clean-path.ts";
import type { BlockAttributes, TargetBlock } from "./definition.ts";
import { isRemoteUrl } from "./remote-url.ts";

/** The block's attributes with relative local contexts joined to the directory of its file. */
export function rebaseContexts(block: TargetBlock): BlockAttributes {
  const { attributes, directory } = block;
  const { context, contexts } = attributes;
  const contextBase = block.contextBase ?? directory;
  if ((context === undefined || contextBase === undefined) && (contexts === undefined || directory === undefined)) return attributes;
  return {
    ...attributes,
    ...(context === undefined ? {} : { context: rebase(context, contextBase) }),
    ...(contexts === undefined ? {} : { contexts: new Map([...contexts].map(([name, value]) => [name, rebase(value, directory)])) }),
  };
}

/** What stands for a context that is set nowhere: the directory of the last file with a block of the target. */
export function defaultContext(blocks: readonly TargetBlock[]): string {
  const directory = blocks[blocks.length - 1]?.directory;
  return directory === undefined || directory === "" ? "." : directory;
}

function rebase(value: string, base: string | undefined): string {
  const untouched =
    base === undefined ||
    base === "" ||
    value === "" ||
    value.startsWith("/") ||
    /^(?:cwd:\/\/|target:|docker-image:|oci-layout:\/\/)/.test(value) ||
    isRemoteUrl(value);
  return untouched ? value : joinPath(base, value);
}
