/** Whether bytes are an archive, by their start (spec/buildkit.md 6.5). */

export type ArchiveKind = "bzip2" | "gzip" | "xz" | "tar";

const magics: readonly (readonly [ArchiveKind, readonly number[]])[] = [
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

const block = 512;
const checksumAt = 148;
const checksumLength = 8;

/** The kind of the archive whose first bytes these are; undefined for anything else. */
export function archiveKind(start: Uint8Array): ArchiveKind | undefined {
  const known = magics.find(([, magic]) => magic.every((byte, i) => start[i] === byte));
  if (known) return known[0];
  return isTarHeader(start) ? "tar" : undefined;
}

/** A tar header carries the sum of its bytes, its own field counted as blanks. */
function isTarHeader(start: Uint8Array): boolean {
  if (start.length < block) return false;
  const field = Buffer.from(start.subarray(checksumAt, checksumAt + checksumLength))
    .toString("latin1")
    .replace(/[\0 ]+$/, "")
    .trim();
  if (!/^[0-7]+$/.test(field)) return false;
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= checksumAt && i < checksumAt + checksumLength ? 0x20 : (start[i] ?? 0);
  return sum === Number.parseInt(field, 8);
}
