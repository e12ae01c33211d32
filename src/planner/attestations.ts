/** Attestations of a target, and the provenance that every build gets by default (spec/buildkit.md 7.4 step 3). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { csvLine } from "./attributes.ts";
import type { NodeFacts } from "./facts.ts";
import { unsupportedFeature } from "./features.ts";
import { goBool } from "../go-text.ts";
import type { PlanAttributes } from "./plan.ts";

export interface Attestation {
  readonly type: string;
  readonly disabled: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `attest:` attributes, and how many the target asked for itself. */
export function lowerAttestations(
  attestations: readonly Attestation[],
  { node, driver, env }: { readonly node: NodeFacts; readonly driver: string; readonly env: Readonly<Record<string, string>> },
): Result<{ attributes: PlanAttributes; asked: number }> {
  const attributes: Record<string, string> = {};
  const supported = (!node.loaded || node.capabilities.includes("exporter.image.attestations")) && node.features.multiPlatform;
  const asked = attestations.filter(({ disabled }) => !disabled);
  if (asked.length > 0 && !supported) {
    return fail(
      node.features.multiPlatform
        ? plainError("plan.attestation", "Attestations are not supported by the current BuildKit daemon")
        : unsupportedFeature("Attestation", driver, "https://docs.docker.com/go/attestations/"),
    );
  }
  for (const attestation of asked) attributes[`attest:${attestation.type}`] = attestationText(attestation);
  const hasProvenance = attestations.some(({ type }) => type === "provenance");
  if (!hasProvenance && supported && goBool(env["BUILDX_NO_DEFAULT_ATTESTATIONS"]) !== true) {
    attributes["attest:provenance"] = "mode=min,inline-only=true";
  }
  return ok({ attributes, asked: asked.length });
}

function attestationText({ type, attributes }: Attestation): string {
  const pairs = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return csvLine([`type=${type}`, ...pairs.map(([key, value]) => `${key}=${value}`)]);
}
