/** Definitions of one source, made by hand for lookups (spec/buildkit.md 3). */
import { createHash } from "node:crypto";
import type { Definition } from "./messages.ts";
import * as wire from "./wire/ops.ts";

/** A file behind an http(s) URL; it lies in the root of the result under `filename`. */
export function httpSource(url: string, options: { readonly filename: string; readonly name: string }): Definition {
  return definitionOf([httpStep(url, options)]);
}

/** The tree that an archive behind an http(s) URL holds. */
export function archiveSource(url: string, options: { readonly filename: string; readonly name: string }): Definition {
  const source = httpStep(url, options);
  const copy = { src: `/${options.filename}`, dest: "/", mode: -1, attemptUnpackDockerCompatibility: true, createDestPath: true, timestamp: -1n };
  const file = { actions: [{ input: -1n, secondaryInput: 0n, output: 0n, copy }] };
  return definitionOf([source, { op: wire.Op.fromPartial({ inputs: [{ digest: digestOf(source.op), index: 0n }], file }), name: `unpack ${url}` }]);
}

/** A git repository as the engine reads it: `identifier` names ref and subdirectory. */
export function gitSource(identifier: string, options: { readonly name: string; readonly attributes: Readonly<Record<string, string>> }): Definition {
  return definitionOf([{ op: sourceOp(`git://${identifier}`, options.attributes), name: options.name }]);
}

interface Step {
  readonly op: wire.Op;
  /** What progress shows. */
  readonly name: string;
}

const httpStep = (url: string, { filename, name }: { readonly filename: string; readonly name: string }): Step => ({
  op: sourceOp(url, { "http.filename": filename }),
  name,
});

const sourceOp = (identifier: string, attrs: Readonly<Record<string, string>>): wire.Op => wire.Op.fromPartial({ source: { identifier, attrs } });

const digestOf = (op: wire.Op): string => `sha256:${createHash("sha256").update(wire.Op.encode(op).finish()).digest("hex")}`;

/** The steps in order, and the head that names the last of them as the result. */
function definitionOf(steps: readonly Step[]): Definition {
  const last = steps.at(-1) as Step;
  const head = wire.Op.fromPartial({ inputs: [{ digest: digestOf(last.op), index: 0n }] });
  const def = [...steps.map(({ op }) => op), head].map((op) => wire.Op.encode(op).finish());
  const metadata = Object.fromEntries(steps.map(({ op, name }) => [digestOf(op), { description: { "llb.customname": name } }]));
  return wire.Definition.encode(wire.Definition.fromPartial({ def, metadata })).finish();
}
