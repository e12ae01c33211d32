/** Definition files as bytes: named and default ones, standard input, and those behind a URL (spec/bake.md 2.1, 2.5). */
import type { LoadInput } from "../bake/definition.ts";
import { BakeError, fail, ok, plainError, type Result } from "../diagnostics.ts";
import { type Host, HostError, type RemoteReader } from "../host.ts";
import { defaultFiles, namedFiles } from "./discover.ts";

export interface ReadFile {
  /** As given on the command line; `-` is standard input. */
  readonly name: string;
  readonly data: Uint8Array;
  /** The name as a local path; absent for standard input and remote files. */
  readonly path?: string;
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly remote?: { readonly url: string; readonly tree: boolean };
}

const LOCAL = "cwd://";
const NONE = plainError("load.none", "couldn't find a bake definition");

export async function readFiles(input: LoadInput, host: Host, remote: RemoteReader | undefined): Promise<Result<ReadFiles>> {
  const named = namedFiles(input.files, host);
  if (!named.ok) return named;
  if (input.remote === undefined) return readAll(localNames(named.value), host);
  if (!remote) throw new BakeError("load.no-remote", `cannot read ${input.remote}: no builder is connected`);
  const isLocal = (name: string): boolean => name.startsWith(LOCAL);
  const remoteNames = named.value.filter((name) => !isLocal(name));
  const { files, tree } = await remote.read(input.remote, remoteNames.length > 0 ? remoteNames : undefined);
  const local = named.value.some(isLocal) ? readLocal(localNames(named.value.filter(isLocal)), host) : ok([]);
  if (!local.ok) return local;
  const all: ReadFile[] = [...files.map(({ name, data }) => ({ name, data })), ...local.value];
  return all.length > 0 ? ok({ files: all, remote: { url: input.remote, tree } }) : fail(NONE);
}

const localNames = (names: readonly string[]): readonly string[] => names.map((name) => (name.startsWith(LOCAL) ? name.slice(LOCAL.length) : name));

function readAll(names: readonly string[], host: Host): Result<ReadFiles> {
  const read = readLocal(names.length > 0 ? names : defaultFiles(host), host);
  if (!read.ok) return read;
  return read.value.length > 0 ? ok({ files: read.value }) : fail(NONE);
}

/** A file without a byte is passed over, unless it is standard input, which is read once. */
function readLocal(names: readonly string[], host: Host): Result<readonly ReadFile[]> {
  const files: ReadFile[] = [];
  let stdin: Uint8Array | undefined;
  for (const name of names) {
    try {
      if (name === "-") {
        const data = stdin ? new Uint8Array() : host.readStdin();
        stdin ??= data;
        files.push({ name, data });
        continue;
      }
      const data = host.readFile(name);
      if (data.length > 0) files.push({ name, data, path: name });
    } catch (error) {
      if (error instanceof HostError) return fail(plainError("load.file", error.message));
      throw error;
    }
  }
  return ok(files);
}
