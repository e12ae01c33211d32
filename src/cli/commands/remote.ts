/** Definitions behind a URL: an engine is needed to read them (spec/bake.md 2.5). */
import type { RemoteReader } from "../../host.ts";
import { remoteReader } from "../../runner/remote.ts";
import { Interrupt } from "../interrupt.ts";
import { openEngine, Opening } from "../opening.ts";
import type { Request } from "../request.ts";

/** Connects for the time of `work`, which may read remote definitions. That takes a while, and is shown. */
export async function withRemote<T>(request: Request, work: (remote: RemoteReader, opening: Opening) => Promise<T>): Promise<T> {
  using interrupt = new Interrupt(request.execution.timeoutMs);
  try {
    return await connected(request, interrupt.signal, work);
  } catch (error) {
    throw interrupt.explain(error);
  }
}

async function connected<T>(request: Request, signal: AbortSignal, work: (remote: RemoteReader, opening: Opening) => Promise<T>): Promise<T> {
  const { host, options } = request;
  await using opening = new Opening(request);
  await using engine = await openEngine(request, signal, opening);
  const reader = remoteReader(engine, { host, signal, emit: opening.show });
  const read: RemoteReader["read"] = async (url, names) => {
    try {
      return await reader.read(url, names);
    } finally {
      // Of a dry run nothing more is shown.
      await (options.print === true || request.list !== "" ? opening.close() : opening.pause());
    }
  };
  return await work({ read }, opening);
}
