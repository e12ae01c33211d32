/** What has to be looked up on this machine before these targets can be planned. Names only; the lookup is the runner's. */

export interface Lookups {
  /** Absolute paths whose kind and real path matter. */
  readonly paths: readonly string[];
  /** Absolute context directories whose repository matters. */
  readonly gitDirectories: readonly string[];
  /** `oci-layout://` references as written, with their absolute directory. */
  readonly layouts: readonly { readonly reference: string; readonly directory: string; readonly tag: string; readonly digest: string }[];
  /** Environment variables that secrets may come from: only whether they are set matters. */
  readonly variables: readonly string[];
  readonly localCaches: readonly { readonly directory: string; readonly shown: string; readonly tag: string; readonly digest: string }[];
}
