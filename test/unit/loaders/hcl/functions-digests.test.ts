/** Digests against Node's own, bcrypt's published vectors, and RSA with a fresh key (spec/hcl.md 6.2). */
import { constants, createHash, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bcrypt } from "../../../../src/loaders/hcl/functions/bcrypt.ts";
import { digest, type DigestName, hex } from "../../../../src/loaders/hcl/functions/digest.ts";
import { call, show } from "./function-rig.ts";

describe("digests", () => {
  it.each<DigestName>(["md5", "sha1", "sha256", "sha512"])("%s is right at every length around its blocks", (name) => {
    for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 110, 111, 112, 113, 119, 127, 128, 129, 1000]) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
      expect([length, hex(digest(name, data))]).toEqual([length, createHash(name).update(data).digest("hex")]);
    }
  });
});

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function saltOf(encoded: string): Uint8Array {
  const bits = Array.from(encoded, (char) => ALPHABET.indexOf(char).toString(2).padStart(6, "0")).join("");
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
}

describe("bcrypt", () => {
  it.each([
    ["", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."],
    ["a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"],
    ["abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"],
  ])("hashes %j as published", (password, expected) => {
    expect(bcrypt(new TextEncoder().encode(password), saltOf(expected.slice(7, 29)), 6)).toBe(expected);
  });

  it("takes its salt from the host", () => {
    expect(show(call("bcrypt", ["secret", 4]))).toMatch(/^"\$2a\$04\$[./A-Za-z0-9]{53}"$/);
  });
});

describe("rsadecrypt", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const cipher = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from("top secret é")).toString("base64");
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();

  it("decrypts with a key in the midst of other text", () => {
    expect(show(call("rsadecrypt", [cipher, `before\n${pem}after\n`]))).toBe('"top secret é"');
  });

  it("refuses a PKCS#8 key", () => {
    const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(show(call("rsadecrypt", [cipher, pkcs8]))).toBe("✗ x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)");
  });

  it("refuses what was not encrypted for the key", () => {
    expect(show(call("rsadecrypt", ["AAAA", pem]))).toBe("✗ crypto/rsa: decryption error");
  });

  it("never shows the key", () => {
    expect(show(call("rsadecrypt", [cipher, "my key"]))).toBe("✗ failed to parse key: no key found");
  });
});
