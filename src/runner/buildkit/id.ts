/** Ids of builds and sessions, as BuildKit's own clients make them (spec/buildkit.md 2.2). */
import { randomBytes } from "node:crypto";

/** A fresh id: 25 characters, base 36. */
export function newId(): string {
  const bytes = randomBytes(17);
  // The top bit makes every number equally long; the first digit, which is then nearly constant, is dropped.
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return BigInt(`0x${bytes.toString("hex")}`)
    .toString(36)
    .slice(1, 26);
}
