/** What the demo shows after the bake: the images by their digests, and the files that were written. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** The part of the metadata file that is shown. */
interface TargetMetadata {
  readonly "image.name"?: string;
  readonly "containerimage.digest"?: string;
}

export function showResults(metadataFile: string, out: string): void {
  const metadata = JSON.parse(readFileSync(metadataFile, "utf8")) as Readonly<Record<string, TargetMetadata>>;
  const targets = Object.entries(metadata).filter(([name]) => !name.startsWith("buildx."));
  const rows = targets.map(([name, target]) => [name, target["containerimage.digest"]?.slice(7, 19) ?? "-", target["image.name"] ?? "-"]);
  console.log(`\nTargets\n${table([["target", "digest", "image"], ...rows])}`);
  const files = filesBelow(out).map((path) => [relative(process.cwd(), path), `${statSync(path).size} bytes`]);
  console.log(`\nFiles\n${table(files)}`);
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)), []);
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()).join("\n");
}
