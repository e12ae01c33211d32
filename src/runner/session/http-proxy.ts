/** Which proxy a request goes through, by HTTP_PROXY, HTTPS_PROXY and NO_PROXY as Go programs read them. */

type Env = Readonly<Record<string, string | undefined>>;

/** Undefined: straight to the server. Throws TypeError for an address that is no URL. */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const value = (name: string): string => env[name] || env[name.toLowerCase()] || "";
  const address = value(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (address === "" || isLocal(url.hostname) || isExcepted(url, value("NO_PROXY"))) return undefined;
  return new URL(/^[a-z0-9]+:\/\//i.test(address) ? address : `http://${address}`);
}

const isLocal = (hostname: string): boolean => hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);

function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  const usedPort = port || (protocol === "https:" ? "443" : "80");
  return exceptions
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return inNetwork(bare, entry);
      const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== usedPort) return false;
      const domain = name.replace(/^\*?\./, "");
      // A leading dot means only what is below the domain.
      return bare.endsWith(`.${domain}`) || (bare === domain && domain === name);
    });
}

/** IPv4 networks such as 10.0.0.0/8. */
function inNetwork(address: string, network: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  const from = ipv4(base);
  const at = ipv4(address);
  const size = Number(bits);
  if (from === undefined || at === undefined || !Number.isInteger(size) || size < 0 || size > 32) return false;
  const block = 2 ** (32 - size);
  return Math.floor(from / block) === Math.floor(at / block);
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
