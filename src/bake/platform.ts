/** Platforms as text: parsed, normalised and formatted by containerd's rules. */
import { quote } from "../go-text.ts";
import type { Parsed } from "./parsed.ts";

/** A platform in its parts. Features and version belong to the operating system and are rare. */
export interface Platform {
  readonly os: string;
  readonly version: string;
  readonly features: readonly string[];
  readonly architecture: string;
  readonly variant: string;
}

const osPattern = "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$";
const partPattern = "^[A-Za-z0-9_.-]+$";
/** Made once each, and not before the first platform is parsed. */
let patterns: { readonly os: RegExp; readonly part: RegExp } | undefined;
const knownOs: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos".split(" "),
);
const knownArchitecture: ReadonlySet<string> = new Set(
  "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm".split(
    " ",
  ),
);

const invalid = (text: string): { readonly ok: false; readonly message: string } => ({ ok: false, message: `${text}: invalid argument` });

/**
 * Parses `os`, `architecture`, `os/architecture` or `os/architecture/variant`. What is left out is the
 * host's (`linux/amd64` form).
 */
export function parsePlatform(text: string, host: string): Parsed<Platform> {
  if (text.includes("*")) return invalid(`${quote(text)}: wildcards not yet supported`);
  // What follows a third slash is one component, which is then refused.
  const [head = "", second, third, ...rest] = text.split("/");
  const parts = [head, second, third, ...(rest.length > 0 ? [rest.join("/")] : [])].filter((part) => part !== undefined);
  patterns ??= { os: new RegExp(osPattern), part: new RegExp(partPattern) };
  const first = patterns.os.exec(parts[0] as string);
  if (!first)
    return invalid(
      `${quote(parts[0] as string)} is an invalid OS component of ${quote(text)}: OSAndVersion specifier component must match ${quote(osPattern)}`,
    );
  for (const part of parts.slice(1)) {
    if (!patterns.part.test(part))
      return invalid(`${quote(part)} is an invalid component of ${quote(text)}: platform specifier component must match ${quote(partPattern)}`);
  }
  const [, osName = "", version = "", features = ""] = first;
  const base = { version: decode(version), features: features.split("+").slice(1).map(decode) };
  const os = normaliseOs(osName);
  const [hostOs = "", hostArchitecture = "", hostVariant = ""] = host.split("/");
  const [, architecture = "", variant = ""] = parts;
  switch (parts.length) {
    case 1: {
      if (knownOs.has(os)) return { ok: true, value: { os, ...base, architecture: hostArchitecture, variant: hostVariant } };
      const own = normaliseArchitecture(text, "");
      if (!knownArchitecture.has(own.architecture)) return invalid(`${quote(text)}: unknown operating system or architecture`);
      return { ok: true, value: { os: hostOs, ...base, ...own } };
    }
    case 2:
      return { ok: true, value: { os, ...base, ...normaliseArchitecture(architecture, "") } };
    case 3:
      return { ok: true, value: { os, ...base, ...normaliseArchitecture(architecture, variant) } };
    default:
      return invalid(`${quote(text)}: cannot parse platform specifier`);
  }
}

const decode = (text: string): string => text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
const encode = (text: string): string => text.replaceAll(/[^A-Za-z0-9_.-]/g, (char) => encodeURIComponent(char));

/** `os/architecture[/variant]`, the version in parentheses after the name. */
export function formatPlatform({ os, version, features, architecture, variant }: Platform): string {
  const options = [version, ...features].map(encode).join("+");
  return `${os}${options === "" ? "" : `(${options})`}/${architecture}${variant === "" ? "" : `/${variant}`}`;
}

/** Platforms as they were written, and as the engine gets them, for one host: targets name the same few. */
export type KnownPlatforms = Map<string, Parsed<string>>;

/** The platforms of a target as the engine gets them: commas split, `local` is the host, variants normalised. */
export function normalisePlatforms(entries: readonly string[], host: string, known: KnownPlatforms): Parsed<readonly string[]> {
  const out: string[] = [];
  for (const entry of entries) {
    for (const text of entry.includes(",") ? entry.split(",") : [entry]) {
      let platform = known.get(text);
      if (!platform) known.set(text, (platform = normalisePlatform(text, host)));
      if (!platform.ok) return platform;
      out.push(platform.value);
    }
  }
  return { ok: true, value: out };
}

function normalisePlatform(text: string, host: string): Parsed<string> {
  const parsed = parsePlatform(text.toLowerCase() === "local" ? host : text, host);
  return parsed.ok ? { ok: true, value: formatPlatform(parsed.value) } : parsed;
}

function normaliseOs(os: string): string {
  const lower = os.toLowerCase();
  return lower === "macos" ? "darwin" : lower;
}

/** One spelling for each architecture; the default variant of amd64 and arm64 is left out, that of arm is v7. */
function normaliseArchitecture(name: string, given: string): { readonly architecture: string; readonly variant: string } {
  const architecture = name.toLowerCase();
  const variant = given.toLowerCase();
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { architecture: "arm64", variant: variant === "8" || variant === "v8" ? "" : variant };
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return { architecture, variant: variant === "" ? "v7" : /^[5-8]$/.test(variant) ? `v${variant}` : variant };
    default:
      return { architecture, variant };
  }
}
