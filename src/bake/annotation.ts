/** Annotations as exporter attributes (spec/bake.md 11.3). */
import { quote } from "../go-text.ts";
import { formatPlatform, parsePlatform } from "./platform.ts";
import type { Parsed } from "./parsed.ts";

const withPlatform: ReadonlySet<string> = new Set(["manifest", "manifest-descriptor"]);
const withoutPlatform: ReadonlySet<string> = new Set(["index", "index-descriptor"]);

/** `annotation…` attributes of `[TYPE[,TYPE...]:]KEY=VALUE` entries; a later entry of the same key wins. `host` completes short platforms. */
export function parseAnnotations(entries: readonly string[], host: string): Parsed<Readonly<Record<string, string>>> {
  const out = new Map<string, string>();
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    if (equals < 0) return { ok: false, message: `invalid annotation ${quote(entry)}, expected key=value` };
    const value = entry.slice(equals + 1);
    const left = entry.slice(0, equals);
    const colon = left.indexOf(":");
    if (colon < 0) {
      out.set(`annotation.${left}`, value);
      continue;
    }
    for (const type of left.slice(0, colon).split(",")) {
      const prefix = parseType(type, host);
      if (!prefix.ok) return prefix;
      out.set(`${prefix.value}.${left.slice(colon + 1)}`, value);
    }
  }
  return { ok: true, value: Object.fromEntries(out) };
}

function parseType(text: string, host: string): Parsed<string> {
  const match = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/.exec(text);
  if (!match) return { ok: false, message: `invalid annotation type ${quote(text)}, expected type and optional platform in square brackets` };
  const [, type = "", platform] = match;
  if (!withPlatform.has(type) && !withoutPlatform.has(type)) return { ok: false, message: `unknown annotation type ${quote(type)}` };
  if (platform === undefined) return { ok: true, value: `annotation-${type}` };
  const parsed = parsePlatform(platform, host);
  if (!parsed.ok) return { ok: false, message: `invalid platform ${quote(platform)}: ${parsed.message}` };
  return { ok: true, value: withoutPlatform.has(type) ? `annotation-${type}` : `annotation-${type}[${formatPlatform(parsed.value)}]` };
}
