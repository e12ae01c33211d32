/** Definitions of one source, made by hand for lookups (spec/buildkit.md 3). */
import { createHash } from "node:crypto";
import type { Definition } from "./messages.ts";
import * as wire from "./wire/ops.ts";

/** A file behind an http(s) URL; it lies in the root of the result under `filename`. */
export function httpSource(url: string, options: { readonly filename: string; readonly name: string }): Definition {
  return sourceDefinition(url, { "http.filename": options.filename }, options.name);
}

/** A git repository as the engine reads it. `full` is the URL to clone, `identifier` names ref and subdirectory. */
export function gitSource(identifier: string, options: { readonly full: string; readonly name: string; readonly attributes?: Readonly<Record<string, string>> }): Definition {
  const attributes = {
    "git.fullurl": options.full,
    "git.authheadersecret": "GIT_AUTH_HEADER",
    "git.authtokensecret": "GIT_AUTH_TOKEN",
    ...options.attributes,
  };
  return sourceDefinition(identifier, attributes, options.name);
}

function sourceDefinition(identifier: string, attrs: Readonly<Record<string, string>>, name: string): Definition {
  const source = wire.Op.encode(wire.Op.fromPartial({ source: { identifier, attrs } })).finish();
  const digest = `sha256:${createHash("sha256").update(source).digest("hex")}`;
  const head = wire.Op.encode(wire.Op.fromPartial({ inputs: [{ digest, index: 0n }] })).finish();
  const metadata = { [digest]: { description: { "llb.customname": name } } };
  return wire.Definition.encode(wire.Definition.fromPartial({ def: [source, head], metadata })).finish();
}
