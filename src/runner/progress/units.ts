/** Sizes and times as progress output writes them (spec/buildkit.md 8.3). */

/** Decimal units with two digits: `93B`, `1.98MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}B`;
  let value = bytes;
  let unit = "";
  for (const next of ["kB", "MB", "GB", "TB"]) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(2)}${unit}`;
}

/** Nanoseconds to seconds. */
export function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}

/** The time in front of a log line: fewer digits the longer a step runs. */
export function formatLogTime(nanoseconds: bigint): string {
  const value = seconds(nanoseconds);
  return value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);
}

/** `12.3s` */
export function formatSeconds(nanoseconds: bigint): string {
  return `${seconds(nanoseconds).toFixed(1)}s`;
}
