/** What a driver cannot do, in the reference's words (spec/buildkit.md 1.5). */
import { plainError, type Diagnostic } from "../diagnostics.ts";

/** The three-line error of a missing feature. */
export function unsupportedFeature(feature: string, driver: string, url: string): Diagnostic {
  return plainError(
    "plan.unsupported",
    `${feature} is not supported for the ${driver} driver.\n` +
      "Switch to a different driver, or turn on the containerd image store, and try again.\n" +
      `Learn more at ${url}`,
  );
}
