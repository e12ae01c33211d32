/** Base64 with the standard alphabet and padding, and UTF-8 (spec/hcl.md 6.2). */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text of UTF-8 bytes, or undefined when they are none. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    parts.push(
      ALPHABET[word >> 18] as string,
      ALPHABET[(word >> 12) & 63] as string,
      left > 1 ? (ALPHABET[(word >> 6) & 63] as string) : "=",
      left > 2 ? (ALPHABET[word & 63] as string) : "=",
    );
  }
  return parts.join("");
}

/** Line ends are skipped, padding is required, bits behind the last byte are not looked at. Undefined when malformed. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/[\r\n]/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  const padding = packed.endsWith("==") ? 2 : packed.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((packed.length / 4) * 3 - padding);
  let word = 0;
  let at = 0;
  for (let i = 0; i < packed.length; i++) {
    word = (word << 6) | Math.max(0, ALPHABET.indexOf(packed[i] as string));
    if (i % 4 !== 3) continue;
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (word >> shift) & 255;
    word = 0;
  }
  return bytes;
}
