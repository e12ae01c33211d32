/** First words that are, or will be, commands. A target of such a name is baked with `tsbake bake NAME`. */

export const RESERVED: readonly string[] = [
  "bake",
  "build",
  "create",
  "ls",
  "use",
  "inspect",
  "stop",
  "rm",
  "prune",
  "du",
  "imagetools",
  "version",
  "convert",
  "engine",
  "affected",
  "explain",
  "graph",
  "lint",
  "ci",
  "import",
  "watch",
  "history",
  "help",
  "completion",
];

export function isReserved(word: string): boolean {
  return RESERVED.includes(word);
}
