/**
 * Provenance for the metadata file: the engine's SLSA predicate brought into the 0.2 form that the
 * reference writes (spec/buildkit.md 9.3). Pure; reading it from the engine is done elsewhere.
 */

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export type ProvenanceMode = "min" | "max" | "disabled";

/** Mode of BUILDX_METADATA_PROVENANCE; `min` by default, a false word disables. */
export function provenanceMode(value: string | undefined): ProvenanceMode {
  const text = (value ?? "").trim().toLowerCase();
  if (text === "max") return "max";
  return ["disabled", "0", "f", "false"].includes(text) ? "disabled" : "min";
}

const v1 = "https://slsa.dev/provenance/v1";
const buildkitBuildType = "https://mobyproject.org/buildkit@v1";

/** The predicate in 0.2 form; mode min leaves out `buildConfig` and `metadata`. */
export function toProvenance02(predicate: JsonObject, predicateType: string, mode: "min" | "max"): JsonObject {
  const converted = predicateType === v1 ? fromV1(predicate) : predicate;
  if (mode === "max") return converted;
  return Object.fromEntries(Object.entries(converted).filter(([key]) => key !== "buildConfig" && key !== "metadata"));
}

const object = (value: Json | undefined): JsonObject => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {});

/** Drops keys without value, as an encoder that omits empty fields. */
const compact = (value: JsonObject): JsonObject => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));

const sortKeys = (value: JsonObject): JsonObject => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

function fromV1(predicate: JsonObject): JsonObject {
  const definition = object(predicate["buildDefinition"]);
  const details = object(predicate["runDetails"]);
  const external = object(definition["externalParameters"]);
  const { buildConfig, builderPlatform, dockerfileVersion, ...custom } = object(definition["internalParameters"]);
  const source = object(external["configSource"]);
  return compact({
    builder: { id: object(details["builder"])["id"] ?? "" },
    buildType: buildkitBuildType,
    materials: definition["resolvedDependencies"],
    invocation: compact({
      configSource: compact({ uri: source["uri"], digest: source["digest"], entryPoint: source["path"] }),
      parameters: external["request"] ?? {},
      environment: sortKeys(compact({ platform: builderPlatform, dockerfileVersion, ...custom })),
    }),
    buildConfig,
    metadata: metadata02(object(details["metadata"])),
  });
}

function metadata02(metadata: JsonObject): JsonObject {
  const completeness = object(metadata["buildkit_completeness"]);
  return compact({
    buildInvocationID: metadata["invocationID"],
    buildStartedOn: metadata["startedOn"],
    buildFinishedOn: metadata["finishedOn"],
    completeness: {
      parameters: completeness["request"] ?? false,
      environment: true,
      materials: completeness["resolvedDependencies"] ?? false,
    },
    reproducible: metadata["buildkit_reproducible"] ?? false,
    "https://mobyproject.org/buildkit@v1#hermetic": metadata["buildkit_hermetic"],
    "https://mobyproject.org/buildkit@v1#metadata": metadata["buildkit_metadata"],
  });
}
