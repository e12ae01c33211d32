/** `WWW-Authenticate` of registries: schemes and their parameters (RFC 9110 11.6.1). */

export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** By name in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const parameter = /^\s*,?\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/;
const scheme = /^\s*,?\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?=\s|,|$)/;

/** Challenges in the order of the header; what cannot be read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (let rest = header; rest.trim() !== ""; ) {
    const current = found.at(-1);
    const [pair, name = "", quoted, bare = ""] = (current && parameter.exec(rest)) ?? [];
    if (pair !== undefined && current) {
      current.parameters[name.toLowerCase()] = quoted === undefined ? bare : quoted.replace(/\\(.)/g, "$1");
      rest = rest.slice(pair.length);
      continue;
    }
    const [start, word = ""] = scheme.exec(rest) ?? [];
    if (start === undefined) break;
    found.push({ scheme: word.toLowerCase(), parameters: {} });
    rest = rest.slice(start.length);
  }
  return found;
}
