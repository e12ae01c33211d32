/**
 * Outputs of a target as exporters on the wire (spec/buildkit.md 7.4 steps 4 to 7, 7.5, 10.2): defaults,
 * names, differences between drivers, and what a driver cannot do.
 */
import { fail, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import type { EngineFacts, Features, NodeFacts } from "./facts.ts";
import { unsupportedFeature } from "./features.ts";
import { goBool } from "../go-text.ts";
import type { PlannedExporter, Sink, Store } from "./plan.ts";

/** An output as resolved: attributes without `type` and `dest`. */
export interface Output {
  readonly type: string;
  readonly dest: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ExporterInput {
  readonly outputs: readonly Output[];
  readonly tags: readonly string[];
  /** `annotation…` attributes that every output gets. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly node: NodeFacts;
  readonly engine: Pick<EngineFacts, "driver" | "loadsOciArchives">;
  /** Platforms of the target on all nodes. */
  readonly platforms: number;
  readonly multiNode: boolean;
  /** Attestations that the target itself asks for. */
  readonly attestations: number;
  readonly call: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Value of the build argument BUILDKIT_INLINE_BUILDINFO_ATTRS. */
  readonly buildinfoAttributes?: string;
  /** Makes a destination absolute. */
  readonly absolute: (path: string) => string;
}

export interface LoweredExporters {
  readonly exporters: readonly PlannedExporter[];
  readonly stores: readonly Store[];
  /** True when nothing will be exported though nobody asked for that: the user is warned. */
  readonly resultStaysInCache: boolean;
  /** Names to push through the docker engine after the build. */
  readonly enginePush: readonly string[];
  /** Names under which the images of several nodes are merged, with the attributes of their exporter. */
  readonly merge?: { readonly names: readonly string[]; readonly attributes: Readonly<Record<string, string>> };
}

type Draft = { type: string; dest: string; attributes: Record<string, string> };

const buildersUrl = "https://docs.docker.com/go/build-exporters/";

/** Lowers the outputs of one target for one node. */
export function lowerExporters(input: ExporterInput): Result<LoweredExporters> {
  const { drafts, resultStaysInCache } = withDefault(input);
  const problems: Diagnostic[] = [];
  const exporters: PlannedExporter[] = [];
  const stores: Store[] = [];
  const enginePush: string[] = [];
  let merge: LoweredExporters["merge"];
  for (const draft of drafts) {
    nameExporter(draft, input, problems);
    if (draft.type === "cacheonly") continue;
    const toStore = /^(oci|docker)$/.test(draft.type) && draft.dest !== "" && goBool(draft.attributes["tar"]) === false;
    const sink = sinkOf(draft, input, toStore);
    const wire = wireForm(draft, input, problems);
    if (toStore) stores.push({ name: "export", kind: "output", directory: input.absolute(draft.dest) });
    if (input.multiNode) merge = splitForMerge(wire, merge, problems);
    if (wire.type === "moby" && goBool(wire.attributes["push"]) === true && !input.node.features.directPush) {
      enginePush.push(...(wire.attributes["name"] ?? "").split(",").filter((name) => name !== ""));
    }
    exporters.push({ type: wire.type, attributes: sorted(wire.attributes), ...(sink ? { sink } : {}) });
  }
  if (exporters.length > 1 && !input.node.capabilities.includes("exporter.multiple") && input.node.loaded) {
    problems.push(
      plainError(
        "plan.outputs",
        "multiple outputs currently unsupported by the current BuildKit daemon, please upgrade to version v0.13+ or use a single output",
      ),
    );
  }
  if (problems.length > 0) return fail(...problems);
  return ok({ exporters, stores, resultStaysInCache, enginePush, ...(merge ? { merge } : {}) });
}

function withDefault({ outputs, annotations, call, env, node, engine }: ExporterInput): { drafts: Draft[]; resultStaysInCache: boolean } {
  // A call asks a question: its target's outputs are not exported.
  if (call) return { drafts: [], resultStaysInCache: false };
  const drafts = outputs.map(({ type, dest, attributes }): Draft => draftOf(type, dest, { ...attributes, ...annotations }));
  if (drafts.length > 0) return { drafts, resultStaysInCache: false };
  if (goBool(env["BUILDX_NO_DEFAULT_LOAD"]) === true) return { drafts, resultStaysInCache: false };
  if (engine.driver === "docker") return { drafts: [draftOf("image", "", { ...annotations })], resultStaysInCache: false };
  if (node.features.defaultLoad) return { drafts: [draftOf("docker", "", { ...annotations })], resultStaysInCache: false };
  return { drafts, resultStaysInCache: true };
}

function draftOf(type: string, dest: string, attributes: Record<string, string>): Draft {
  if (type !== "registry") return { type, dest, attributes };
  return { type: "image", dest, attributes: { unpack: "false", ...attributes, push: "true" } };
}

function nameExporter({ type, attributes }: Draft, { tags }: ExporterInput, problems: Diagnostic[]): void {
  if (!/^(image|oci|docker)$/.test(type)) return;
  if (tags.length > 0) attributes["name"] = tags.join(",");
  else if (type === "image" && !attributes["name"] && goBool(attributes["push"]) === true) {
    problems.push(plainError("plan.push-name", "tag is needed when pushing to registry"));
  }
}

function sinkOf({ type, dest, attributes }: Draft, { engine, absolute }: ExporterInput, toStore: boolean): Sink | undefined {
  if (type === "local") return { kind: "directory", path: absolute(dest), mode: attributes["mode"] === "delete" ? "delete" : "copy" };
  if (!/^(tar|oci|docker)$/.test(type)) return undefined;
  if (toStore) return { kind: "layout", path: absolute(dest) };
  if (dest === "-") return { kind: "stdout" };
  if (dest !== "") return { kind: "file", path: absolute(dest) };
  if (type !== "docker") return { kind: "stdout" };
  if (engine.driver === "docker") return undefined;
  const context = attributes["context"];
  return { kind: "load", ...(context ? { context } : {}) };
}

function wireForm(draft: Draft, input: ExporterInput, problems: Diagnostic[]): { type: string; attributes: Record<string, string> } {
  const { engine, node, env } = input;
  const attributes = { ...draft.attributes };
  const type = wireType(draft, input, attributes, problems);
  if (input.buildinfoAttributes !== undefined && /^(image|oci|docker|moby)$/.test(type)) attributes["buildinfo-attrs"] = input.buildinfoAttributes;
  if (type === "moby") {
    if (node.features.preferImageDigest) attributes["prefer-image-digest"] = "true";
    if (goBool(attributes["push"]) === true && goBool(attributes["push-by-digest"]) === true) {
      problems.push(plainError("plan.push-by-digest", "push-by-digest is currently not implemented for docker driver, please create a new builder instance"));
    }
    const hasIndexAnnotation = Object.keys(attributes).some((key) => /^annotation-index/.test(key));
    if (hasIndexAnnotation && !node.features.multiPlatform) {
      problems.push(plainError("plan.annotation", "index annotations not supported for single platform export"));
    }
  }
  if (goBool(env["BUILDX_NO_DEFAULT_OCI_ARTIFACT"]) === true && /^(image|oci|moby)$/.test(type)) attributes["oci-artifact"] ??= "false";
  if (engine.driver === "docker" && draft.dest !== "") requireFileExporter(draft.type, node.features, engine.driver, problems);
  return { type, attributes };
}

function wireType(draft: Draft, { engine, platforms, attestations }: ExporterInput, attributes: Record<string, string>, problems: Diagnostic[]): string {
  if (draft.type === "image") return engine.driver === "docker" ? "moby" : "image";
  if (draft.type !== "docker") return draft.type;
  const loads = draft.dest === "";
  if (loads && engine.driver === "docker") return "moby";
  if (loads && engine.loadsOciArchives === true) {
    attributes["prefer-image-digest"] = "true";
    return "oci";
  }
  if (platforms > 1 || attestations > 0) {
    const text = loads
      ? "docker exporter does not currently support exporting manifest lists"
      : "docker exporter does not support exporting manifest lists, use the oci exporter instead";
    problems.push(plainError("plan.manifest-list", text));
  }
  return "docker";
}

function requireFileExporter(type: string, features: Features, driver: string, problems: Diagnostic[]): void {
  if (type === "oci" && !features.ociExporter) problems.push(unsupportedFeature("OCI exporter", driver, buildersUrl));
  if (type === "docker" && !features.dockerExporter) problems.push(unsupportedFeature("Docker exporter", driver, buildersUrl));
}

/** On several nodes every node pushes by digest, and the client pushes the index under the names (10.2). */
function splitForMerge(
  { type, attributes }: { type: string; attributes: Record<string, string> },
  merge: LoweredExporters["merge"],
  problems: Diagnostic[],
): LoweredExporters["merge"] {
  const pushes = goBool(attributes["push"]) === true;
  if (type === "oci" || type === "tar") problems.push(plainError("plan.multi-node", `${type} for multi-node builds currently not supported`));
  if (type === "moby" && pushes) {
    problems.push(plainError("plan.multi-node", "multi-node push can't currently be performed with the docker driver, please switch to a different driver"));
  }
  if (type !== "image" || !pushes) return merge;
  const names = (attributes["name"] ?? "").split(",").filter((name) => name !== "");
  const kept = { ...attributes };
  attributes["name"] = [...new Set(names.map(repositoryOf))].join(",");
  attributes["push-by-digest"] = "true";
  return { names: [...new Set([...(merge?.names ?? []), ...names])], attributes: { ...merge?.attributes, ...kept } };
}

/** A reference without tag and digest. */
function repositoryOf(name: string): string {
  const plain = name.split("@", 1)[0] ?? name;
  const colon = plain.lastIndexOf(":");
  return colon > plain.lastIndexOf("/") ? plain.slice(0, colon) : plain;
}

const sorted = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
