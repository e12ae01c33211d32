/** Progress of transfers as events: the first and last of each, and not more than a few a second between. */
import { nanosecondsOf, type TransferEvent } from "../events.ts";
import type { Host } from "../host.ts";
import type { TransferProgress } from "./session/file-sync.ts";

const everyMs = 200;

/** Gives a listener for the transfers of one session. */
export function transferEvents(
  emit: (event: TransferEvent) => void,
  host: Host,
  about: Pick<TransferEvent, "direction"> & { readonly target?: string },
): (progress: TransferProgress) => void {
  const shown = new Map<string, number>();
  return (progress) => {
    const now = host.now();
    if (!progress.done && now - (shown.get(progress.name) ?? 0) < everyMs) return;
    if (progress.done) shown.delete(progress.name);
    else shown.set(progress.name, now);
    emit({ type: "transfer", ...about, ...progress, time: nanosecondsOf(now) });
  };
}
