/** Text of YAML and environment files (spec/compose.md 1.2), as it comes from `decodeSource`: a byte that is no UTF-8 is a lone half of a surrogate pair. */
import type { SourceFile } from "../../diagnostics.ts";
import { refuse } from "./problem.ts";

/** UTF-8 as it is: a byte order mark stays, broken bytes become replacement characters. */
export const decodeText = (data: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);

export const withoutByteOrderMark = (text: string): string => (text.startsWith("\ufeff") ? text.slice(1) : text);

const BAD_BYTE = /[\udc80-\udcff]/;
/** The byte order marks of UTF-16, which are no UTF-8. */
const UTF16: Readonly<Record<string, string>> = { "\udcff\udcfe": "utf-16le", "\udcfe\udcff": "utf-16be" };

/** The file as YAML reads it: UTF-16 decoded, anything that is no Unicode refused. */
export function yamlSource(file: SourceFile): SourceFile {
  const encoding = UTF16[file.text.slice(0, 2)];
  if (encoding !== undefined) return { name: file.name, text: new TextDecoder(encoding, { ignoreBOM: true }).decode(bytesOf(file.text)) };
  if (!BAD_BYTE.test(file.text)) return file;
  const bad = lonelyHalf(file.text);
  if (bad === undefined) return file;
  const offset = bytesOf(file.text.slice(0, bad)).length;
  const good = trailing(file.text, bad);
  const what = good === undefined ? "leading" : "trailing";
  refuse("compose.yaml", `failed to parse ${file.name}: yaml: offset ${offset + (good ?? 0)}: invalid ${what} UTF-8 octet`, { file, start: bad, end: bad + 1 });
}

/** How many bytes of a sequence are right before one is wrong; undefined when the first already is. */
function trailing(text: string, at: number): number | undefined {
  const first = text.charCodeAt(at) - 0xdc00;
  if (first < 0xc2 || first > 0xf4) return undefined;
  let count = 1;
  while (/[\udc80-\udcbf]/.test(text[at + count] ?? "")) count++;
  return count;
}

function lonelyHalf(text: string): number | undefined {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) i++;
    else if (unit >= 0xdc80 && unit <= 0xdcff) return i;
  }
  return undefined;
}

/** The bytes that `decodeSource` read. */
function bytesOf(text: string): Uint8Array {
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...Buffer.from(char));
  }
  return Uint8Array.from(out);
}
