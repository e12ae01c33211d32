/** Header blocks of HTTP/2 (RFC 7541): decoded with their dynamic table, encoded without. */
import { decodeHuffman } from "./huffman.ts";
import { Http2Error, http2Code } from "./http2-frame.ts";

/** The static table: name, then value where it has one. */
const staticTable: readonly (readonly [name: string, value: string])[] = (
  ":authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|:status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|" +
  "accept-encoding gzip, deflate|accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|" +
  "content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|" +
  "location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate"
)
  .split("|")
  .map((entry) => {
    const space = entry.indexOf(" ");
    return space < 0 ? [entry, ""] : [entry.slice(0, space), entry.slice(space + 1)];
  });

/** Bytes of the dynamic table, as every peer assumes. */
const tableLimit = 4096;
/** What an entry costs beside its characters. */
const entryOverhead = 32;
/** Characters of all headers of a block. Patterns of ignore files travel in them, thousands at times. */
export const headerListLimit: number = 16 * 1024 * 1024;

/** Decodes the blocks of one connection, in their order. */
export class HeaderDecoder {
  /** Newest first. */
  readonly #dynamic: (readonly [name: string, value: string])[] = [];
  #size = 0;
  #limit = tableLimit;

  /** Names and values in turn. Throws Http2Error. */
  decode(block: Uint8Array): readonly string[] {
    const reader = new BlockReader(block);
    const headers: string[] = [];
    let total = 0;
    const add = ([name, value]: readonly [string, string]): void => {
      headers.push(name, value);
      total += name.length + value.length + entryOverhead;
      if (total > headerListLimit) throw new Http2Error(http2Code.enhanceYourCalm, "headers are too large");
    };
    while (!reader.atEnd) {
      const first = reader.peek();
      if (first >= 0x80) add(this.#entry(reader.integer(7)));
      else if (first >= 0x40) {
        const entry = this.#literal(reader, 6);
        this.#remember(entry);
        add(entry);
      } else if (first >= 0x20) this.#resize(reader.integer(5));
      else add(this.#literal(reader, 4));
    }
    return headers;
  }

  #literal(reader: BlockReader, prefix: number): readonly [string, string] {
    const index = reader.integer(prefix);
    const name = index === 0 ? reader.text() : this.#entry(index)[0];
    return [name, reader.text()];
  }

  #entry(index: number): readonly [string, string] {
    const entry = index <= staticTable.length ? staticTable[index - 1] : this.#dynamic[index - staticTable.length - 1];
    if (!entry) throw new Http2Error(http2Code.compression, `no header at index ${index}`);
    return entry;
  }

  #remember(entry: readonly [string, string]): void {
    this.#dynamic.unshift(entry);
    this.#size += costOf(entry);
    this.#evict();
  }

  #resize(limit: number): void {
    if (limit > tableLimit) throw new Http2Error(http2Code.compression, "table of headers is too large");
    this.#limit = limit;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#dynamic.pop();
      if (!oldest) return;
      this.#size -= costOf(oldest);
    }
  }
}

const costOf = ([name, value]: readonly [string, string]): number => name.length + value.length + entryOverhead;

class BlockReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Http2Error(http2Code.compression, "header block is cut off");
    return byte;
  }

  /** An integer whose first `prefix` bits share a byte with something else. */
  integer(prefix: number): number {
    const full = 2 ** prefix - 1;
    let value = this.peek() & full;
    this.#at++;
    if (value < full) return value;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.peek();
      this.#at++;
      value += (byte & 0x7f) * scale;
      if (value > headerListLimit) throw new Http2Error(http2Code.compression, "integer is too large");
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const huffman = this.peek() >= 0x80;
    const length = this.integer(7);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Http2Error(http2Code.compression, "header block is cut off");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return huffman ? decodeHuffman(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
  }
}

/** Literals that no table remembers: a session says little, and the same each time. */
export function encodeHeaders(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(headers.flatMap(([name, value]) => [Buffer.of(0), encodeText(name), encodeText(value)]));
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.length < 0x7f) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const length = [0x7f];
  let rest = bytes.length - 0x7f;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
