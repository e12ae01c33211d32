/** Entries of `ssh`: text and object forms (spec/bake.md 4.3). */
import type { Entries, EntryMap } from "../definition.ts";
import type { SshEntry } from "../model.ts";

/** `id` or `id=path,path`. No quoting. The empty text is no entry. */
export function parseSsh(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  const equals = text.indexOf("=");
  if (equals < 0) return { ok: true, entries: [{ id: text } satisfies SshEntry] };
  return { ok: true, entries: [sshEntry(text.slice(0, equals), text.slice(equals + 1).split(","))] };
}

export function parseSshMap(map: EntryMap): Entries {
  const id = map.get("id");
  const paths = map.get("paths");
  return { ok: true, entries: [sshEntry(typeof id === "string" ? id : "", Array.isArray(paths) ? (paths as readonly string[]) : [])] };
}

function sshEntry(id: string, paths: readonly string[]): SshEntry {
  return { ...(id === "" ? {} : { id }), ...(paths.length === 0 ? {} : { paths }) };
}

export function sshToMap({ id = "", paths = [] }: SshEntry): EntryMap {
  return new Map<string, string | readonly string[]>([
    ["id", id],
    ["paths", paths],
  ]);
}
