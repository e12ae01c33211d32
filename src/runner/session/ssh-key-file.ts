/** The file format of OpenSSH's private keys (PROTOCOL.key), which node:crypto does not read: unencrypted keys only. */
import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { SshReader } from "./ssh-agent.ts";

const magic = "openssh-key-v1\0";
const curves: Readonly<Record<string, string>> = { nistp256: "P-256", nistp384: "P-384", nistp521: "P-521" };

/** Throws Error in the words of Go's ssh package; nothing of the key is in them. */
export function parseOpenSshKey(bytes: Buffer): KeyObject {
  if (bytes.subarray(0, magic.length).toString("latin1") !== magic) throw new Error("invalid openssh private key format");
  try {
    return readKey(new SshReader(bytes.subarray(magic.length)));
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw new Error("malformed OpenSSH key");
    throw cause;
  }
}

function readKey(file: SshReader): KeyObject {
  const cipher = file.text();
  const kdf = file.text();
  file.bytes();
  if (cipher !== "none" || kdf !== "none") throw new Error("this private key is passphrase protected");
  if (file.uint32() !== 1) throw new Error("multi-key files are not supported");
  file.bytes();
  const secret = new SshReader(file.bytes());
  if (secret.uint32() !== secret.uint32()) throw new Error("malformed OpenSSH key");
  const jwk = readJwk(secret.text(), secret);
  try {
    return createPrivateKey({ key: jwk, format: "jwk" });
  } catch {
    throw new Error("malformed OpenSSH key");
  }
}

const encode = (bytes: Buffer): string => bytes.toString("base64url");

function readJwk(type: string, secret: SshReader): JsonWebKey {
  if (type === "ssh-ed25519") {
    const x = encode(secret.bytes());
    // The seed, then the public key once more.
    return { kty: "OKP", crv: "Ed25519", x, d: encode(secret.bytes().subarray(0, 32)) };
  }
  if (type === "ssh-rsa") return readRsa(secret);
  if (type.startsWith("ecdsa-sha2-")) return readEcdsa(secret);
  throw new Error("unhandled key type");
}

function readRsa(secret: SshReader): JsonWebKey {
  const [n, e, d, qi, p, q] = [integer(secret), integer(secret), integer(secret), integer(secret), integer(secret), integer(secret)] as const;
  const part = (value: bigint): string => encode(bigEndian(value));
  if (p < 2n || q < 2n) throw new Error("malformed OpenSSH key");
  return { kty: "RSA", n: part(n), e: part(e), d: part(d), p: part(p), q: part(q), dp: part(d % (p - 1n)), dq: part(d % (q - 1n)), qi: part(qi) };
}

function readEcdsa(secret: SshReader): JsonWebKey {
  const crv = curves[secret.text()];
  const point = secret.bytes();
  if (crv === undefined || point[0] !== 4) throw new Error("unsupported elliptic curve");
  const size = (point.length - 1) / 2;
  return { kty: "EC", crv, x: encode(point.subarray(1, 1 + size)), y: encode(point.subarray(1 + size)), d: encode(bigEndian(integer(secret), size)) };
}

const integer = (reader: SshReader): bigint => BigInt(`0x${reader.bytes().toString("hex") || "0"}`);

function bigEndian(value: bigint, size = 0): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(even.padStart(size * 2, "0"), "hex");
}
