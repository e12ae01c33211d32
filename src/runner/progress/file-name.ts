/** File names for targets: names from a definition never leave the folder, and no two targets share a file. */

/** Names that Windows gives to devices, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const LONGEST = 150;

/** Gives each name a file name; equal ones up to letter case get a number, for file systems that do not tell them apart. */
export class FileNames {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(name: string): string {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const base = safeName(name);
    let candidate = base;
    for (let n = 2; this.#taken.has(candidate.toLowerCase()); n++) candidate = `${base}-${n}`;
    this.#taken.add(candidate.toLowerCase());
    this.#given.set(name, candidate);
    return candidate;
  }
}

/** Letters, digits, `-`, `_` and inner dots stay; everything else is percent-encoded. */
function safeName(name: string): string {
  const encoded = [...name]
    .map((char, i) => (/[A-Za-z0-9_-]/.test(char) || (char === "." && i > 0) ? char : encodeChar(char)))
    .join("")
    .slice(0, LONGEST);
  return encoded === "" || DEVICE.test(encoded.split(".")[0] as string) ? `_${encoded}` : encoded;
}

function encodeChar(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
