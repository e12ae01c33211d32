/** What is wrong with the characters of a file, in token order (spec/hcl.md 1.8). */
import type { Diagnostic, SourceFile } from "../../diagnostics.ts";
import type { Tokens } from "./lexer.ts";
import { APOSTROPHE, BACKQUOTE, BAD_UTF8, BITWISE, CURLY_QUOTE, INVALID, QUOTED_NEWLINE, SEMICOLON, type TokenKind } from "./token-kinds.ts";

const OPERATOR_HINT: Readonly<Record<string, string>> = {
  "&": ' Did you mean boolean AND ("&&")?',
  "|": ' Did you mean boolean OR ("||")?',
  "~": ' Did you mean boolean NOT ("!")?',
  "^": "",
};

type Message = readonly [summary: string, detail: string];

/** `text` is the token's. */
function messageFor(kind: TokenKind, text: string): Message {
  switch (kind) {
    case BITWISE:
      return ["Unsupported operator", `Bitwise operators are not supported.${OPERATOR_HINT[text] ?? ""}`];
    case BACKQUOTE:
      return ["Invalid character", 'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".'];
    case APOSTROPHE:
      return ["Invalid character", 'Single quotes are not valid. Use double quotes (") to enclose strings.'];
    case SEMICOLON:
      return [
        "Invalid character",
        'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.',
      ];
    case BAD_UTF8:
      return ["Invalid character encoding", "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor."];
    case QUOTED_NEWLINE:
      return [
        "Invalid multi-line string",
        'Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
      ];
    case CURLY_QUOTE:
      return [
        "Invalid character",
        '"Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
      ];
    default:
      return ["Invalid character", "This character is not used within the language."];
  }
}

/** How many of a kind are reported in a file; quotes of the wrong sort come in pairs, every other one is. */
const LIMITS: ReadonlyMap<TokenKind, number> = new Map([
  [BITWISE, 4],
  [SEMICOLON, 1],
  [BAD_UTF8, 1],
]);

export function lexicalDiagnostics(file: SourceFile, tokens: Tokens): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (!tokens.flawed) return found;
  const counts = new Map<TokenKind, number>();
  for (const [i, kind] of tokens.kinds.entries()) {
    if (kind < BITWISE || kind > INVALID) continue;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    if (count >= (LIMITS.get(kind) ?? Number.POSITIVE_INFINITY)) continue;
    if ((kind === BACKQUOTE || kind === APOSTROPHE) && count % 2 === 1) continue;
    const [start, end] = [tokens.starts[i] as number, tokens.ends[i] as number];
    const [summary, detail] = messageFor(kind, tokens.text.slice(start, end));
    found.push({ severity: "error", code: "hcl.character", summary, detail, range: { file, start, end } });
  }
  return found;
}
