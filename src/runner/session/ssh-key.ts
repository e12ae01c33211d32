/**
 * Private keys for the agent of this process, read from PEM and OpenSSH files and used through node:crypto.
 * Messages name what is wrong with a file, never what is in it.
 */
import { createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from "node:crypto";
import { parseOpenSshKey } from "./ssh-key-file.ts";
import { sshString } from "./ssh-agent.ts";

export interface SshSignature {
  /** `ssh-ed25519`, `rsa-sha2-512`, ... */
  readonly algorithm: string;
  readonly bytes: Buffer;
}

export interface SshKey {
  /** The public key in ssh's wire format. */
  readonly publicBlob: Buffer;
  /** Undefined when the flags ask for something the key cannot do. */
  sign(data: Buffer, flags: number): SshSignature | undefined;
}

/** Flags of a request to sign; they choose the hash of RSA keys. */
const rsaFlags: Readonly<Record<number, readonly [algorithm: string, hash: string]>> = {
  0: ["ssh-rsa", "sha1"],
  2: ["rsa-sha2-256", "sha256"],
  4: ["rsa-sha2-512", "sha512"],
};

interface Curve {
  readonly name: string;
  readonly hash: string;
  /** Bytes of one coordinate. */
  readonly size: number;
}

const curves: Readonly<Record<string, Curve>> = {
  "P-256": { name: "nistp256", hash: "sha256", size: 32 },
  "P-384": { name: "nistp384", hash: "sha384", size: 48 },
  "P-521": { name: "nistp521", hash: "sha512", size: 66 },
};

/** The first key in the text. Throws Error in the words of Go's ssh package. */
export function parsePrivateKey(text: string): SshKey {
  const [, type, body = ""] = /-----BEGIN ([^\r\n-]+)-----\r?\n([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  if (type === undefined) throw new Error("no key found");
  if (/^Proc-Type:.*ENCRYPTED/m.test(body) || type === "ENCRYPTED PRIVATE KEY") throw new Error("this private key is passphrase protected");
  switch (type) {
    case "OPENSSH PRIVATE KEY":
      return keyOf(parseOpenSshKey(Buffer.from(body, "base64")));
    case "RSA PRIVATE KEY":
    case "PRIVATE KEY":
    case "EC PRIVATE KEY":
      return keyOf(readPem(`-----BEGIN ${type}-----\n${body}-----END ${type}-----\n`));
    default:
      throw new Error(`unsupported key type ${JSON.stringify(type)}`);
  }
}

function readPem(key: string): KeyObject {
  try {
    return createPrivateKey({ key, format: "pem" });
  } catch {
    throw new Error("malformed private key");
  }
}

function keyOf(key: KeyObject): SshKey {
  const jwk = createPublicKey(key).export({ format: "jwk" });
  switch (key.asymmetricKeyType) {
    case "rsa":
      return rsaKey(key, jwk);
    case "ec":
      return ecdsaKey(key, jwk);
    case "ed25519":
      return ed25519Key(key, jwk);
    default:
      throw new Error("unsupported key type");
  }
}

const decode = (part: string | undefined): Buffer => Buffer.from(part ?? "", "base64url");

function rsaKey(key: KeyObject, { n, e }: JsonWebKey): SshKey {
  return {
    publicBlob: Buffer.concat([sshString("ssh-rsa"), sshInteger(decode(e)), sshInteger(decode(n))]),
    sign: (data, flags) => {
      const scheme = rsaFlags[flags];
      return scheme && { algorithm: scheme[0], bytes: sign(scheme[1], data, key) };
    },
  };
}

function ecdsaKey(key: KeyObject, { crv = "", x, y }: JsonWebKey): SshKey {
  const curve = curves[crv];
  if (!curve) throw new Error(`unsupported elliptic curve`);
  const algorithm = `ecdsa-sha2-${curve.name}`;
  const point = Buffer.concat([Buffer.of(4), decode(x), decode(y)]);
  return {
    publicBlob: Buffer.concat([sshString(algorithm), sshString(curve.name), sshString(point)]),
    sign: (data) => {
      const pair = sign(curve.hash, data, { key, dsaEncoding: "ieee-p1363" });
      return { algorithm, bytes: Buffer.concat([sshInteger(pair.subarray(0, curve.size)), sshInteger(pair.subarray(curve.size))]) };
    },
  };
}

function ed25519Key(key: KeyObject, { x }: JsonWebKey): SshKey {
  const algorithm = "ssh-ed25519";
  return {
    publicBlob: Buffer.concat([sshString(algorithm), sshString(decode(x))]),
    sign: (data) => ({ algorithm, bytes: sign(undefined, data, key) }),
  };
}

/** A non-negative `mpint`: no leading zeros, but one where the first bit would mean a sign. */
function sshInteger(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  const trimmed = bytes.subarray(at);
  return sshString((trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed);
}
