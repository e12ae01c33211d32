/** Commits and tags of git as their raw bytes tell, checked against their hash, for policies (spec/buildkit.md 6.8). */
import { createHash } from "node:crypto";

export interface GitActor {
  readonly name?: string;
  readonly email?: string;
  readonly when?: string;
}

export interface GitCommit {
  readonly tree: string;
  readonly parents?: readonly string[];
  readonly author: GitActor;
  readonly committer: GitActor;
  readonly message?: string;
}

export interface GitTag {
  readonly object: string;
  readonly type: string;
  readonly tag: string;
  readonly tagger: GitActor;
  readonly message?: string;
}

/** Throws Error when the bytes are not what the hash names. */
export function parseCommit(raw: Buffer, hash: string): GitCommit {
  const { headers, message } = parse(raw, "commit", hash);
  const parents = headers.get("parent") ?? [];
  return {
    tree: required(headers, "tree"),
    ...(parents.length > 0 ? { parents } : {}),
    author: actor(required(headers, "author")),
    committer: actor(required(headers, "committer")),
    ...(message === "" ? {} : { message }),
  };
}

export function parseTag(raw: Buffer, hash: string): GitTag {
  const { headers, message } = parse(raw, "tag", hash);
  return {
    object: required(headers, "object"),
    type: required(headers, "type"),
    tag: required(headers, "tag"),
    tagger: actor(required(headers, "tagger")),
    ...(message === "" ? {} : { message }),
  };
}

interface Parsed {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly message: string;
}

function parse(raw: Buffer, type: "commit" | "tag", hash: string): Parsed {
  if (hash.length !== 40 && hash.length !== 64) throw new Error(`unsupported sha length ${hash.length}`);
  const actual = createHash(hash.length === 40 ? "sha1" : "sha256")
    .update(`${type} ${raw.length}\0`)
    .update(raw)
    .digest("hex");
  if (actual !== hash) throw new Error(`checksum mismatch: expected ${hash}, got ${actual}`);
  const text = raw.toString("utf8");
  const blank = text.indexOf("\n\n");
  const headers = new Map<string, string[]>();
  let signature = false;
  for (const line of (blank < 0 ? text : text.slice(0, blank)).split("\n")) {
    // Lines of a signature are no headers.
    if (signature && line.startsWith(" ")) continue;
    signature = type === "commit" && /^gpgsig(?:-sha256)? /.test(line);
    const space = line.indexOf(" ");
    if (signature || space < 0) continue;
    const name = line.slice(0, space);
    headers.set(name, [...(headers.get(name) ?? []), line.slice(space + 1)]);
  }
  return { headers, message: withoutSignature(blank < 0 ? "" : text.slice(blank + 2), type).replace(/\n$/, "") };
}

/** The signature of a tag stands behind its message. */
function withoutSignature(body: string, type: "commit" | "tag"): string {
  if (type === "commit") return body;
  const at = body.search(/^-----BEGIN (?:PGP|SSH) SIGNATURE-----$/m);
  return at < 0 ? body : body.slice(0, at);
}

function required(headers: Parsed["headers"], name: string): string {
  const [value] = headers.get(name) ?? [];
  if (value === undefined) throw new Error(`invalid git object: missing ${name} header`);
  return value;
}

/** `Name <address> seconds zone`. */
function actor(text: string): GitActor {
  const [, name = text.trim(), email, seconds, zone = "+0000"] = /^(.*)<([^<>]*)>\s*(?:(\d+)(?:\s+([+-]\d{4}))?)?\s*$/s.exec(text) ?? [];
  return {
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(email === undefined || email.trim() === "" ? {} : { email: email.trim() }),
    ...(seconds === undefined ? {} : { when: time(Number(seconds), zone) }),
  };
}

/** RFC 3339 in the zone that was written. */
function time(seconds: number, zone: string): string {
  const minutes = (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
  return local + (minutes === 0 ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`);
}
