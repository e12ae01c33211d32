/** Bytes of definition files as text, and the directories that their paths are relative to. */

/**
 * UTF-8 with its byte order mark kept. A byte that is no UTF-8 becomes a lone half of a surrogate pair,
 * which the scanner knows and reports.
 */
export function decodeSource(data: Uint8Array): string {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  return text.includes("\ufffd") ? decodeSlowly(data) : text;
}

function decodeSlowly(data: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < data.length; ) {
    const length = sequenceLength(data[at] as number);
    const good = wholeSequence(data.subarray(at, at + length), length, decoder);
    text += good ?? String.fromCharCode(0xdc00 + (data[at] as number));
    at += good === undefined ? 1 : length;
  }
  return text;
}

const sequenceLength = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

function wholeSequence(bytes: Uint8Array, length: number, decoder: InstanceType<typeof TextDecoder>): string | undefined {
  if (length === 1) return String.fromCharCode(bytes[0] as number);
  try {
    return decoder.decode(bytes);
  } catch {
    // Not UTF-8: the caller marks the byte.
    return undefined;
  }
}

/** The directory part of a path, without empty, `.` and inner `..` steps. */
export function directoryOfPath(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  const absolute = path.startsWith("/");
  const steps: string[] = [];
  for (const step of path.slice(0, slash).split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (!absolute) steps.push(step);
  }
  const joined = steps.join("/");
  return absolute ? `/${joined}` : joined || ".";
}
