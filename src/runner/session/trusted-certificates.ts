/** The certificate authorities that this machine trusts: node's own list and the system's, or SSL_CERT_FILE in place of the latter. */
import { rootCertificates } from "node:tls";
import type { Host } from "../../host.ts";

const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const known = new WeakMap<Host, readonly string[]>();

export function trustedCertificates(host: Host): readonly string[] {
  let certificates = known.get(host);
  if (!certificates) {
    certificates = [...rootCertificates, ...systemCertificates(host)];
    known.set(host, certificates);
  }
  return certificates;
}

function systemCertificates(host: Host): readonly string[] {
  const chosen = host.env["SSL_CERT_FILE"];
  for (const path of chosen ? [chosen] : bundles) {
    try {
      if (host.stat(path)?.kind === "file") return [Buffer.from(host.readFile(path)).toString("latin1")];
    } catch {
      // Unreadable: the next place.
    }
  }
  return [];
}
