/**
 * Flow collections and quoted texts whose lines are indented less than the block around them: the
 * reference accepts them, the `yaml` package does not. Their lines get a deep indentation, which means
 * nothing in either, before parsing again.
 */

export interface Reindented {
  readonly text: string;
  /** From an offset in `text` to one in the original. */
  readonly originalOffset: (offset: number) => number;
  /** Start offsets, in the original, of the lines that were indented. */
  readonly lines: ReadonlySet<number>;
}

const INDENT = " ".repeat(1000);

/** Where the parser met too little indentation: at the first such line of a collection, or at the end of the line before it in a quoted text. */
export interface UnderIndented {
  readonly offset: number;
  readonly quote?: string;
}

/** Indents the line at the place (in the current text) and those after it up to the end of the collection or text. */
export function reindentFlows(original: string, current: Reindented, { offset, quote }: UnderIndented): Reindented | undefined {
  const at = Math.min(current.originalOffset(offset), original.length);
  // The end of a line stands for the next one: a value that should follow there does not.
  const ended = quote !== undefined || /[\r\n]/.test(original[at] ?? "");
  const start = ended ? endOfLine(original, at) + 1 : original.lastIndexOf("\n", at - 1) + 1;
  if (current.lines.has(start) || start >= original.length) return undefined;
  const added = quote === undefined ? linesToClose(original, start) : linesToQuote(original, start, quote);
  return added && rebuild(original, new Set([...current.lines, ...added]));
}

/** Starts of the lines from `start` up to the one with the closing quote. */
function linesToQuote(text: string, start: number, quote: string): number[] | undefined {
  const out = [start];
  for (let i = start; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "\n") {
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(i + 1, i + 5))) return undefined;
      out.push(i + 1);
    } else if (char === "\\" && quote === '"') i++;
    else if (char === quote) {
      if (quote === "'" && text[i + 1] === "'") i++;
      else return out;
    }
  }
  return undefined;
}

/** Starts of the lines from `start` on that lie within at least one bracket that was opened before. */
function linesToClose(text: string, start: number): number[] {
  const out = [start];
  let depth = 1;
  let quote = "";
  for (let i = start; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "\n") {
      if (text.startsWith("---", i + 1)) break;
      out.push(i + 1);
    } else if (quote !== "") {
      if (char === "\\" && quote === '"') i++;
      else if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && /[\s,[{:]/.test(text[i - 1] ?? " ")) quote = char;
    else if (char === "#" && /\s/.test(text[i - 1] ?? " ")) i = endOfLine(text, i) - 1;
    else if (char === "[" || char === "{") depth++;
    else if ((char === "]" || char === "}") && --depth === 0) return out;
  }
  return [start];
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function rebuild(original: string, lines: ReadonlySet<number>): Reindented {
  const starts = [...lines].sort((a, b) => a - b);
  /** For each indented line: where its content starts in the new text and in the original. */
  const marks: { readonly line: number; readonly to: number; readonly from: number }[] = [];
  let text = "";
  let done = 0;
  for (const start of starts) {
    text += original.slice(done, start);
    let content = start;
    while (original[content] === " " || original[content] === "\t") content++;
    const line = text.length;
    text += INDENT;
    marks.push({ line, to: text.length, from: content });
    done = content;
  }
  text += original.slice(done);
  const originalOffset = (offset: number): number => {
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle] as (typeof marks)[number]).line <= offset) low = middle + 1;
      else high = middle;
    }
    const mark = marks[low - 1];
    return mark === undefined ? offset : mark.from + Math.max(0, offset - mark.to);
  };
  return { text, originalOffset, lines };
}
