/**
 * Hands a parent's result to a child as frontend inputs (spec/buildkit.md 4.5). Definitions are opaque
 * here and are passed on unchanged.
 */

/** A solved result as far as linking needs it. Platform keys are normalised. */
export interface LinkedResult<Definition> {
  /** The definition of a single result; undefined for an empty one. */
  readonly single?: Definition | undefined;
  /** Definitions by platform, of a multi-platform result. */
  readonly byPlatform?: ReadonlyMap<string, Definition | undefined>;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

export interface LinkInputs<Definition> {
  readonly inputs: ReadonlyMap<string, Definition>;
  /** Attributes to set. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attributes to take out. */
  readonly removed: readonly string[];
}

/** Inputs and attributes that make `context` of the child the parent's result; `input` is the link's key. */
export function linkInputs<Definition>(
  { context, input }: { readonly context: string; readonly input: string },
  result: LinkedResult<Definition>,
  empty: Definition,
): LinkInputs<Definition> {
  const inputs = new Map<string, Definition>();
  const attributes: Record<string, string> = {};
  if (!result.byPlatform) {
    inputs.set(input, result.single ?? empty);
    attributes[`context:${context}`] = `input:${input}`;
    const metadata = inputMetadata(result.metadata, "");
    if (metadata !== undefined) attributes[`input-metadata:${input}`] = metadata;
    return { inputs, attributes, removed: [] };
  }
  for (const [platform, definition] of result.byPlatform) {
    const key = `${input}::${platform}`;
    inputs.set(key, definition ?? empty);
    attributes[`context:${context}::${platform}`] = `input:${key}`;
    const metadata = inputMetadata(result.metadata, `/${platform}`);
    if (metadata !== undefined) attributes[`input-metadata:${key}`] = metadata;
  }
  return { inputs, attributes, removed: [`context:${context}`] };
}

/** JSON of the metadata that describes an input; undefined when there is none. */
function inputMetadata(metadata: ReadonlyMap<string, Uint8Array>, suffix: string): string | undefined {
  const found: Record<string, string> = {};
  for (const key of ["containerimage.buildinfo", "containerimage.config"]) {
    const value = metadata.get(`${key}${suffix}`);
    if (value) found[key] = Buffer.from(value).toString("base64");
  }
  return Object.keys(found).length > 0 ? JSON.stringify(found) : undefined;
}
