/** Definitions behind a URL: an engine is needed to read them (spec/bake.md 2.5). */
import type { RemoteReader } from "../../host.ts";
import { connect } from "../../runner/connect.ts";
import { remoteReader } from "../../runner/remote.ts";
import { Interrupt } from "../interrupt.ts";
import type { Request } from "../request.ts";

/** Connects for the time of `work`, which may read remote definitions. */
export async function withRemote<T>({ host, options }: Request, work: (remote: RemoteReader) => Promise<T>): Promise<T> {
  using interrupt = new Interrupt();
  await using engine = await connect({ host, signal: interrupt.signal, ...(options.builder ? { builder: options.builder } : {}) });
  return await work(remoteReader(engine, { host, signal: interrupt.signal }));
}
