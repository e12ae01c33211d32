/** What is wrong with the characters of a file, in token order (spec/hcl.md 1.8). */
import type { Diagnostic, SourceFile } from "../../diagnostics.ts";
import type { TokenKind, Tokens } from "./lexer.ts";

const OPERATOR_HINT: Readonly<Record<string, string>> = {
  "&": ' Did you mean boolean AND ("&&")?',
  "|": ' Did you mean boolean OR ("||")?',
  "~": ' Did you mean boolean NOT ("!")?',
  "^": "",
};

type Message = readonly [summary: string, detail: string];

const MESSAGES: { readonly [Kind in TokenKind]?: (text: string) => Message } = {
  bitwise: (text) => ["Unsupported operator", `Bitwise operators are not supported.${OPERATOR_HINT[text] ?? ""}`],
  backquote: () => ["Invalid character", 'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".'],
  apostrophe: () => ["Invalid character", 'Single quotes are not valid. Use double quotes (") to enclose strings.'],
  semicolon: () => [
    "Invalid character",
    'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.',
  ],
  "bad-utf8": () => ["Invalid character encoding", "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor."],
  "quoted-newline": () => [
    "Invalid multi-line string",
    'Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
  ],
  "curly-quote": () => [
    "Invalid character",
    '"Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
  ],
  invalid: () => ["Invalid character", "This character is not used within the language."],
};

const FLAWED: ReadonlySet<string> = new Set(Object.keys(MESSAGES));

/** How many of a kind are reported in a file; quotes of the wrong sort come in pairs, every other one is. */
const LIMITS: { readonly [Kind in TokenKind]?: number } = { bitwise: 4, semicolon: 1, "bad-utf8": 1 };

export function lexicalDiagnostics(file: SourceFile, tokens: Tokens): Diagnostic[] {
  const found: Diagnostic[] = [];
  const counts = new Map<TokenKind, number>();
  const { kinds } = tokens;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i] as TokenKind;
    // Almost no token is of these kinds: a set is asked sooner than a record.
    const message = FLAWED.has(kind) ? MESSAGES[kind] : undefined;
    if (!message) continue;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    if (count >= (LIMITS[kind] ?? Number.POSITIVE_INFINITY)) continue;
    if ((kind === "backquote" || kind === "apostrophe") && count % 2 === 1) continue;
    const [start, end] = [tokens.starts[i] as number, tokens.ends[i] as number];
    const [summary, detail] = message(tokens.text.slice(start, end));
    found.push({ severity: "error", code: "hcl.character", summary, detail, range: { file, start, end } });
  }
  return found;
}
