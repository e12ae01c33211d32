/** Looking at a path through a Host, with trouble as text instead of a throw. */
import { HostError, type FileStat, type Host } from "../host.ts";

/** What is there, undefined for nothing, or the reference's text of why it cannot be looked at. */
export function lookAt(path: string, host: Host): FileStat | string | undefined {
  try {
    return host.stat(path);
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}
