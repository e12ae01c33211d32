/** RSA decryption with PKCS#1 v1.5 padding and a PKCS#1 private key in PEM (spec/hcl.md 6.2). */
import { decodeBase64 } from "./base64.ts";

export interface PrivateKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

export type ParsedKey = { readonly ok: true; readonly key: PrivateKey } | { readonly ok: false; readonly message: string };

const BEGIN = /-----BEGIN ([^\n]*?)-----[ \t]*\r?\n/;

/** The key in a PEM text; text around the block is ignored. */
export function parsePrivateKey(pem: string): ParsedKey {
  const begin = BEGIN.exec(pem);
  const start = begin ? begin.index + begin[0].length : 0;
  const end = begin ? pem.indexOf(`-----END ${begin[1]}-----`, start) : -1;
  if (end < 0) return { ok: false, message: "failed to parse key: no key found" };
  const body = pem.slice(start, end);
  if (/^Proc-Type:.*ENCRYPTED/m.test(body)) {
    return { ok: false, message: "failed to parse key: password protected keys are not supported. Please decrypt the key prior to use" };
  }
  const der = decodeBase64(body.replace(/^[^\n]*:[^\n]*$/gm, "").replace(/\s/g, ""));
  if (!der) return { ok: false, message: "failed to parse key: no key found" };
  return fromDer(der);
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

function element(der: Uint8Array): Element | undefined {
  const [tag, first] = der;
  if (tag === undefined || first === undefined) return undefined;
  let length = first;
  let at = 2;
  if (first >= 0x80) {
    at += first & 0x7f;
    if (at > 6 || at > der.length) return undefined;
    length = der.subarray(2, at).reduce((value, byte) => value * 256 + byte, 0);
  }
  return at + length > der.length ? undefined : { tag, content: der.subarray(at, at + length), rest: der.subarray(at + length) };
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

function fromDer(der: Uint8Array): ParsedKey {
  const outer = element(der);
  if (outer?.tag !== SEQUENCE) return { ok: false, message: "asn1: structure error: the key is no sequence of numbers" };
  const numbers: bigint[] = [];
  for (let rest = outer.content; rest.length > 0 && numbers.length < 4; ) {
    const next = element(rest);
    if (next?.tag !== INTEGER) {
      const wrapped = numbers.length === 1 && next?.tag === SEQUENCE;
      const format = "x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)";
      return { ok: false, message: wrapped ? format : "asn1: structure error: the key is no sequence of numbers" };
    }
    numbers.push(toNumber(next.content));
    rest = next.rest;
  }
  const [, modulus, , exponent] = numbers;
  if (!modulus || !exponent) return { ok: false, message: "asn1: syntax error: sequence truncated" };
  return { ok: true, key: { modulus, exponent } };
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") || "0"}`);

function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let answer = 1n;
  let square = base % modulus;
  for (const bit of [...exponent.toString(2)].reverse()) {
    if (bit === "1") answer = (answer * square) % modulus;
    square = (square * square) % modulus;
  }
  return answer;
}

/** The message, or undefined when it does not decrypt with this key. */
export function rsaDecrypt(cipher: Uint8Array, key: PrivateKey): Uint8Array | undefined {
  const value = toNumber(cipher);
  const size = Math.ceil(key.modulus.toString(16).length / 2);
  if (value >= key.modulus || cipher.length > size) return undefined;
  const plain = modularPower(value, key.exponent, key.modulus)
    .toString(16)
    .padStart(2 * size, "0");
  const block = Uint8Array.from({ length: size }, (_, i) => Number.parseInt(plain.slice(2 * i, 2 * i + 2), 16));
  // 00 02, at least eight bytes that are not zero, 00, the message.
  const end = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && end >= 10 ? block.slice(end + 1) : undefined;
}
