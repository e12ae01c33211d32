/** The bcrypt password hash (spec/hcl.md 6.2). The cipher's tables are the digits of pi, computed on first use. */

/** Bcrypt's own base64, without padding. */
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SUBKEYS = 18;
const BOXES = 1024;

interface Cipher {
  readonly keys: Int32Array;
  readonly boxes: Int32Array;
}

let tables: Int32Array | undefined;

/** 32-bit words of the fraction of pi, by Machin's formula with guard bits. */
function piWords(count: number): Int32Array {
  const bits = BigInt(32 * count + 64);
  const arctangent = (inverse: bigint): bigint => {
    let term = (1n << bits) / inverse;
    let sum = term;
    for (let n = 3n, sign = -1n; term > 0n; n += 2n, sign = -sign) {
      term /= inverse * inverse;
      sum += (sign * term) / n;
    }
    return sum;
  };
  const pi = 4n * (4n * arctangent(5n) - arctangent(239n));
  const digits = ((pi - (3n << bits)) >> 64n).toString(16).padStart(8 * count, "0");
  return Int32Array.from({ length: count }, (_, i) => Number.parseInt(digits.slice(8 * i, 8 * i + 8), 16) | 0);
}

function fresh(): Cipher {
  tables ??= piWords(SUBKEYS + BOXES);
  return { keys: tables.slice(0, SUBKEYS), boxes: tables.slice(SUBKEYS) };
}

/** Encrypts the two words at an offset in place. */
function encrypt({ keys, boxes }: Cipher, block: Int32Array, at: number): void {
  let left = block[at] as number;
  let right = block[at + 1] as number;
  for (let i = 0; i < 16; i++) {
    left ^= keys[i] as number;
    const sum = ((boxes[left >>> 24] as number) + (boxes[256 + ((left >>> 16) & 255)] as number)) | 0;
    right ^= ((sum ^ (boxes[512 + ((left >>> 8) & 255)] as number)) + (boxes[768 + (left & 255)] as number)) | 0;
    const swapped = left;
    left = right;
    right = swapped;
  }
  block[at] = right ^ (keys[17] as number);
  block[at + 1] = left ^ (keys[16] as number);
}

/** Words of a key that is read round and round. */
function cycled(key: Uint8Array, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    let word = 0;
    for (let byte = 0; byte < 4; byte++) word = (word << 8) | (key[(4 * i + byte) % key.length] as number);
    return word;
  });
}

/** Mixes a key, and a salt of four words, into the cipher. */
function schedule(cipher: Cipher, key: Int32Array, salt: Int32Array): void {
  for (let i = 0; i < SUBKEYS; i++) cipher.keys[i] = (cipher.keys[i] as number) ^ (key[i] as number);
  const block = new Int32Array(2);
  let turn = 0;
  for (const table of [cipher.keys, cipher.boxes]) {
    for (let i = 0; i < table.length; i += 2) {
      block[0] = (block[0] as number) ^ (salt[turn] as number);
      block[1] = (block[1] as number) ^ (salt[turn + 1] as number);
      turn = (turn + 2) % 4;
      encrypt(cipher, block, 0);
      table[i] = block[0] as number;
      table[i + 1] = block[1] as number;
    }
  }
}

function encode(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    for (let at = 0; at <= Math.min(3, bytes.length - i); at++) text += ALPHABET[(word >> (18 - 6 * at)) & 63];
  }
  return text;
}

/** `$2a$COST$SALTHASH`; the password has at most 72 bytes, the salt 16, the cost is 4 to 31 and doubles the work each. */
export function bcrypt(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const key = cycled(Uint8Array.of(...password, 0), SUBKEYS);
  const saltWords = cycled(salt, 4);
  const saltKey = cycled(salt, SUBKEYS);
  const none = new Int32Array(4);
  const cipher = fresh();
  schedule(cipher, key, saltWords);
  for (let i = 2 ** cost; i > 0; i--) {
    schedule(cipher, key, none);
    schedule(cipher, saltKey, none);
  }
  const block = cycled(new TextEncoder().encode("OrpheanBeholderScryDoubt"), 6);
  for (let at = 0; at < 6; at += 2) for (let i = 0; i < 64; i++) encrypt(cipher, block, at);
  const bytes = Array.from(block).flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255));
  return `$2a$${String(cost).padStart(2, "0")}$${encode(Array.from(salt))}${encode(bytes.slice(0, 23))}`;
}
