/** Booleans as the engine and the reference read them from attribute text. */

const words: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false] as const),
]);

/** The value of a boolean word; undefined for anything else, also when absent. */
export const goBool = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : words.get(text));
