/** The part of the world that functions see. */
import type { Host } from "../../../host.ts";

/** What functions see of the world: clock, randomness, and the home directory. */
export type LibraryHost = Pick<Host, "env" | "home" | "now" | "randomBytes">;
