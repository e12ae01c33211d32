/** The Huffman code of header fields (RFC 7541 appendix B). It is canonical: the lengths of its codes say all. */
import { Http2Error, http2Code } from "./http2-frame.ts";

/** Bits of each byte's code, from 0 to 255 and for the end mark, as `count*bits` runs. */
const lengthRuns =
  "13 23 7*28 24 30 2*28 30 8*28 30 9*28 6 2*10 12 13 6 8 11 2*10 8 11 8 3*6 3*5 7*6 7 8 15 6 12 10 13 6 22*7 8 7 8 13 19 13 14 6 15 5 6 5 6 5 3*6 5 " +
  "2*7 3*6 5 6 7 6 2*5 6 5*7 15 11 14 13 28 20 22 2*20 3*22 23 22 5*23 24 23 2*24 22 23 24 4*23 21 22 23 22 2*23 24 22 21 20 2*22 2*23 21 23 2*22 24 21 22 2*23 2*21 22 21 " +
  "23 22 2*23 20 3*22 23 2*22 23 2*26 20 19 22 23 22 25 3*26 2*27 26 24 25 19 21 26 2*27 26 27 24 2*21 2*26 28 3*27 20 24 20 21 22 2*21 23 2*22 2*25 2*24 26 23 26 27 2*26 5*27 28 5*27 26 30";
const longest = 30;
const endMark = 256;

interface Codes {
  /** First code of each length, and how many there are. */
  readonly first: Uint32Array;
  readonly count: Uint32Array;
  /** Where the symbols of each length begin in `symbols`. */
  readonly start: Uint32Array;
  readonly symbols: Uint16Array;
}

let known: Codes | undefined;

function codes(): Codes {
  if (known) return known;
  const lengths = lengthRuns.split(" ").flatMap((run) => {
    const [times, bits] = run.includes("*") ? run.split("*") : ["1", run];
    return new Array<number>(Number(times)).fill(Number(bits));
  });
  const symbols = Uint16Array.from([...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b));
  const [first, count, start] = [new Uint32Array(longest + 1), new Uint32Array(longest + 1), new Uint32Array(longest + 1)];
  for (const bits of lengths) count[bits] = (count[bits] ?? 0) + 1;
  for (let bits = 1, code = 0, at = 0; bits <= longest; bits++) {
    code *= 2;
    first[bits] = code;
    start[bits] = at;
    code += count[bits] ?? 0;
    at += count[bits] ?? 0;
  }
  known = { first, count, start, symbols };
  return known;
}

/** Throws Http2Error for bytes that are no such text. */
export function decodeHuffman(bytes: Uint8Array): string {
  const { first, count, start, symbols } = codes();
  // No code is shorter than five bits.
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 5));
  let length = 0;
  let code = 0;
  let bits = 0;
  for (const byte of bytes) {
    for (let shift = 7; shift >= 0; shift--) {
      code = code * 2 + ((byte >> shift) & 1);
      bits++;
      const offset = code - (first[bits] ?? 0);
      if (offset < 0 || offset >= (count[bits] ?? 0)) {
        if (bits >= longest) throw broken();
        continue;
      }
      const symbol = symbols[(start[bits] ?? 0) + offset] ?? endMark;
      if (symbol === endMark) throw broken();
      out[length++] = symbol;
      code = 0;
      bits = 0;
    }
  }
  // What is left over is the beginning of the end mark: ones, less than a byte.
  if (bits > 7 || code !== 2 ** bits - 1) throw broken();
  return out.toString("latin1", 0, length);
}

const broken = (): Http2Error => new Http2Error(http2Code.compression, "malformed Huffman text");
