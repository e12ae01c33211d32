/** What the suites over examples/ share: copies to bake in, reproducible settings, digests of a bake. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { copyBusybox } from "../../scripts/engines/busybox.ts";
import { ROOT, temporaryFolder } from "../cli/rig.ts";

/** Settings under which a build gives the same bytes whenever and by whomever it is run. */
export const REPRODUCIBLE: Readonly<Record<string, string>> = { SOURCE_DATE_EPOCH: "1700000000", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };

/** A copy of an example, with a shell for its base image. */
export function copyExample(name: string): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  const skipped = new Set([".busybox", "out"]);
  cpSync(join(ROOT, "examples", name), folder, { recursive: true, filter: (path) => !skipped.has(path.slice(path.lastIndexOf("/") + 1)) });
  const { busybox } = inject("engines");
  if ("value" in busybox) copyBusybox(busybox.value, join(folder, ".busybox"));
  return folder;
}

/** Which busybox goes into images: digests recorded with another one do not apply. */
export function busyboxDigest(): string {
  const { busybox } = inject("engines");
  return "value" in busybox ? createHash("sha256").update(readFileSync(busybox.value)).digest("hex").slice(0, 12) : "none";
}

/** The digest of each target's image, from a metadata file. */
export function digestsOf(metadataFile: string): Readonly<Record<string, string>> {
  const metadata = JSON.parse(readFileSync(metadataFile, "utf8")) as Readonly<Record<string, { readonly "containerimage.digest"?: string }>>;
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([target, entry]) => (entry["containerimage.digest"] === undefined ? [] : [[target, entry["containerimage.digest"]]])),
  );
}
