/**
 * MD5, SHA-1, SHA-256 and SHA-512 of bytes. Node's own would cost the start-up of its whole crypto
 * module for a few short texts; the constants are computed from their definitions on first use.
 */

export type DigestName = "md5" | "sha1" | "sha256" | "sha512";

/** The digest of some bytes. */
export function digest(name: DigestName, data: Uint8Array): Uint8Array {
  switch (name) {
    case "md5":
      return words32({ data, little: true, initial: SMALL_INITIAL.slice(0, 4), round: md5Round });
    case "sha1":
      return words32({ data, little: false, initial: SMALL_INITIAL, round: sha1Round });
    case "sha256":
      return words32({
        data,
        little: false,
        initial: Array.from({ length: 8 }, (_, i) => Number(rootBits(i, 2n, 32n))),
        round: sha256Round,
      });
    case "sha512":
      return sha512(data);
  }
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const SMALL_INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

const primes: bigint[] = [];

function prime(index: number): bigint {
  for (let next = (primes.at(-1) ?? 1n) + 1n; primes.length <= index; next++) {
    if (primes.every((known) => next % known !== 0n)) primes.push(next);
  }
  return primes[index] as bigint;
}

/** The first bits of the fraction of the square or cube root of a prime. */
function rootBits(index: number, root: bigint, bits: bigint): bigint {
  const target = prime(index) << (root * bits);
  let low = 0n;
  let high = 1n << (bits + 6n);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** root <= target) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << bits) - 1n);
}

/** The message with its closing bit and length, in whole blocks. */
function padded(data: Uint8Array, shape: { readonly block: number; readonly little: boolean }): DataView {
  const lengthSize = shape.block / 8;
  const size = Math.ceil((data.length + 1 + lengthSize) / shape.block) * shape.block;
  const bytes = new Uint8Array(size);
  bytes.set(data);
  bytes[data.length] = 0x80;
  const view = new DataView(bytes.buffer);
  const bits = BigInt(data.length) * 8n;
  view.setBigUint64(shape.little ? size - lengthSize : size - 8, bits, shape.little);
  return view;
}

interface Words {
  readonly data: Uint8Array;
  readonly little: boolean;
  readonly initial: readonly number[];
  /** Mixes the sixteen words of a block into the state. */
  readonly round: (state: Int32Array, block: Int32Array) => void;
}

function words32({ data, little, initial, round }: Words): Uint8Array {
  const view = padded(data, { block: 64, little });
  const state = Int32Array.from(initial, (word) => word | 0);
  const block = new Int32Array(80);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) block[i] = view.getInt32(at + 4 * i, little);
    round(state, block);
  }
  const out = new DataView(new ArrayBuffer(4 * state.length));
  for (const [i, word] of state.entries()) out.setInt32(4 * i, word, little);
  return new Uint8Array(out.buffer);
}

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const rotateRight = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

function md5Round(state: Int32Array, block: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const quarter = i >> 4;
    const mix = quarter === 0 ? (b & c) | (~b & d) : quarter === 1 ? (d & b) | (~d & c) : quarter === 2 ? b ^ c ^ d : c ^ (b | ~d);
    const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][quarter] as number;
    const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;
    const sum = (a + mix + constant + (block[word & 15] as number)) | 0;
    [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, MD5_SHIFTS[4 * quarter + (i & 3)] as number)) | 0];
  }
  addInto(state, [a, b, c, d]);
}

function addInto(state: Int32Array, values: readonly number[]): void {
  for (const [i, value] of values.entries()) state[i] = ((state[i] as number) + value) | 0;
}

function sha1Round(state: Int32Array, w: Int32Array): void {
  for (let i = 16; i < 80; i++) w[i] = rotateLeft((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const mix = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)] as number;
    const sum = (rotateLeft(a, 5) + mix + e + constant + (w[i] as number)) | 0;
    [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum];
  }
  addInto(state, [a, b, c, d, e]);
}

let constants256: Int32Array | undefined;

function sha256Round(state: Int32Array, w: Int32Array): void {
  constants256 ??= Int32Array.from({ length: 64 }, (_, i) => Number(rootBits(i, 3n, 32n)) | 0);
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15] as number, w[i - 2] as number];
    const s0 = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
    const s1 = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (constants256[i] as number) + (w[i] as number)) | 0;
    const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  addInto(state, [a, b, c, d, e, f, g, h]);
}

let constants512: BigUint64Array | undefined;

const MASK = (1n << 64n) - 1n;
const turn = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & MASK;

function sha512(data: Uint8Array): Uint8Array {
  constants512 ??= BigUint64Array.from({ length: 80 }, (_, i) => rootBits(i, 3n, 64n));
  const view = padded(data, { block: 128, little: false });
  const state = BigUint64Array.from({ length: 8 }, (_, i) => rootBits(i, 2n, 64n));
  const w = new BigUint64Array(80);
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(at + 8 * i);
    sha512Round(state, { w, constants: constants512 });
  }
  const out = new DataView(new ArrayBuffer(64));
  for (const [i, word] of state.entries()) out.setBigUint64(8 * i, word);
  return new Uint8Array(out.buffer);
}

function sha512Round(state: BigUint64Array, { w, constants }: { readonly w: BigUint64Array; readonly constants: BigUint64Array }): void {
  for (let i = 16; i < 80; i++) {
    const [x, y] = [w[i - 15] as bigint, w[i - 2] as bigint];
    w[i] = (w[i - 16] as bigint) + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + (w[i - 7] as bigint) + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n));
  }
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (let i = 0; i < 80; i++) {
    const first = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + (constants[i] as bigint) + (w[i] as bigint);
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = (state[i] as bigint) + value;
  });
}
