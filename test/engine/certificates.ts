/** Certificates for one test. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./rig.ts";

export interface Certificates {
  readonly at: (name: string) => string;
  readonly read: (name: string) => string;
}

/** `ca`, `other` (authorities), `server` and `client` (of `ca`), each as `.pem` and `.key`; names are `engine.test` and 127.0.0.1. */
export function certificates(): Certificates {
  const folder = temporaryFolder();
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2");
  openssl("req", "-x509", ...key, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=another authority", "-days", "2");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:engine.test,IP:127.0.0.1\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  for (const name of ["server", "client"]) {
    openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signing);
  }
  const at = (name: string): string => join(folder, name);
  return { at, read: (name) => readFileSync(at(name), "utf8") };
}
