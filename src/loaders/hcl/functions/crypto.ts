/** Digests, passwords, keys and unique ids (spec/hcl.md 6.2). */
import { string, STRING, textOf, type Value } from "../values.ts";
import { decodeBase64, fromUtf8, utf8 } from "./base64.ts";
import { bcrypt } from "./bcrypt.ts";
import { fn, type FunctionTable, NOT_WHOLE, numeric, param, text, textual, variadic, wholeNumber } from "./define.ts";
import { digest, type DigestName, hex } from "./digest.ts";
import { type CallOutcome, failure, type HclFunction, result } from "./function.ts";
import { parsePrivateKey, rsaDecrypt } from "./rsa.ts";

export type RandomBytes = (length: number) => Uint8Array;

const hash = (name: DigestName): HclFunction => textual(["str"], (source) => hex(digest(name, utf8(source))));

function hashPassword(args: readonly Value[], random: RandomBytes): CallOutcome {
  if (args.length > 2) return failure("bcrypt() takes no more than two arguments");
  const asked = args[1] ? wholeNumber(args[1]) : 10n;
  if (asked === undefined) return failure(NOT_WHOLE);
  const password = utf8(textOf(args[0] as Value));
  const refused = (reason: string): CallOutcome => failure(`error occured generating password ${reason}`);
  if (password.length > 72) return refused("bcrypt: password length exceeds 72 bytes");
  if (asked > 31n) return refused(`crypto/bcrypt: cost ${asked} is outside allowed inclusive range 4..31`);
  return result(string(bcrypt(password, random(16), asked < 4n ? 10 : Number(asked))));
}

/** The private key is never part of a message. */
function decrypt([ciphertext, privateKey]: readonly Value[]): CallOutcome {
  const cipher = decodeBase64(textOf(ciphertext as Value));
  if (!cipher) return failure(`failed to decode input ${JSON.stringify(textOf(ciphertext as Value))}: cipher text must be base64-encoded`);
  const parsed = parsePrivateKey(textOf(privateKey as Value));
  if (!parsed.ok) return failure(parsed.message);
  const plain = rsaDecrypt(cipher, parsed.key);
  return plain ? result(string(fromUtf8(plain) ?? new TextDecoder().decode(plain))) : failure("crypto/rsa: decryption error");
}

function uuidText(bytes: Uint8Array, version: number): string {
  const marked = bytes.slice(0, 16);
  marked[6] = ((marked[6] as number) & 0x0f) | (version << 4);
  marked[8] = ((marked[8] as number) & 0x3f) | 0x80;
  return hex(marked).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const NAMESPACES: Readonly<Record<string, string>> = { dns: "0", url: "1", oid: "2", x500: "4" };

/** The sixteen bytes of a UUID as 32 digits, or what is wrong with it. */
function parseUuid(source: string): { readonly digits: string } | { readonly problem: string } {
  const length = utf8(source).length;
  let body = source;
  if (length === 45) {
    if (source.slice(0, 9).toLowerCase() !== "urn:uuid:") return { problem: `invalid urn prefix: ${JSON.stringify(source.slice(0, 9))}` };
    body = source.slice(9);
  } else if (length === 38) body = source.slice(1, 37);
  else if (length !== 36 && length !== 32) return { problem: `invalid UUID length: ${length}` };
  const shape = length === 32 ? /^[0-9a-f]{32}$/i : /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
  return shape.test(body) ? { digits: body.replaceAll("-", "") } : { problem: "invalid UUID format" };
}

function namedUuid([namespace, name]: readonly Value[]): CallOutcome {
  const asked = textOf(namespace as Value);
  const known = Object.hasOwn(NAMESPACES, asked) ? NAMESPACES[asked] : undefined;
  const parsed = known === undefined ? parseUuid(asked) : { digits: `6ba7b81${known}9dad11d180b400c04fd430c8` };
  if ("problem" in parsed) return failure(`uuidv5() doesn't support namespace ${asked} (${parsed.problem})`);
  const space = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(parsed.digits.slice(2 * i, 2 * i + 2), 16));
  const named = utf8(textOf(name as Value));
  const message = new Uint8Array(16 + named.length);
  message.set(space);
  message.set(named, 16);
  return result(string(uuidText(digest("sha1", message), 5)));
}

export function cryptoFunctions(random: RandomBytes): FunctionTable {
  return {
    md5: hash("md5"),
    sha1: hash("sha1"),
    sha256: hash("sha256"),
    sha512: hash("sha512"),
    bcrypt: variadic([text("str")], numeric("cost"), (args) => hashPassword(args, random)),
    rsadecrypt: fn([param("ciphertext", STRING), param("privatekey", STRING)], decrypt),
    uuidv4: fn([], () => result(string(uuidText(random(16), 4)))),
    uuidv5: fn([text("namespace"), text("name")], namedUuid),
  };
}
