/** What the hcl2json parser says of a file that ours refuses for its syntax: a note under the error (design D2). */
import type { Diagnostic } from "../diagnostics.ts";
import { convertHcl } from "../loaders/hcl2json.ts";

/** The note for the first syntax error in a native file; empty when there is none. */
export async function syntaxVerdict(diagnostics: readonly Diagnostic[]): Promise<string> {
  const mistake = diagnostics.find(({ code, range }) => (code === "hcl.syntax" || code === "hcl.character") && range && !range.file.name.endsWith(".json"));
  if (!mistake?.range) return "";
  const { name, text } = mistake.range.file;
  const second = await convertHcl(name, text);
  if (second.ok) return `note: the hcl2json parser accepts ${name}, tsbake does not: please report this with the file\n`;
  return `note: the hcl2json parser refuses it too: ${second.message}\n`;
}
