/** Reads a build's provenance from the engine's history, for the metadata file (spec/buildkit.md 9.3). */
import { ContentClient, ControlClient } from "./buildkit/client.ts";
import type { Descriptor, HistoryResult } from "./buildkit/messages.ts";
import type { NodeLease } from "./connect.ts";
import { ClientVertex, inVertex } from "./engine/client-vertex.ts";
import { provenanceMode, toProvenance02 } from "./provenance.ts";
import type { RunContext } from "./run-context.ts";

const key = "buildx.build.provenance";
const predicateKey = "in-toto.io/predicate-type";

/** Entries for the response: one, or one for each platform; none where the build has no provenance or it is not wanted. */
export async function readProvenance(
  { ref, target }: { readonly ref: string; readonly target: string },
  { channel }: NodeLease,
  { host, emit, signal }: RunContext,
): Promise<Readonly<Record<string, string>>> {
  const mode = provenanceMode(host.env["BUILDX_METADATA_PROVENANCE"]);
  if (mode === "disabled") return {};
  const content = new ContentClient(channel);
  const read = async (result: HistoryResult | undefined): Promise<string | undefined> => {
    const found = result?.attestations.find(isProvenance);
    if (!found) return undefined;
    const statement = JSON.parse(Buffer.from(await content.readBlob(found.digest, { signal })).toString("utf8")) as { predicate?: object } & object;
    const predicate = (statement.predicate ?? statement) as Parameters<typeof toProvenance02>[0];
    return Buffer.from(JSON.stringify(toProvenance02(predicate, found.annotations[predicateKey] ?? "", mode))).toString("base64");
  };
  const vertex = new ClientVertex("resolving provenance for metadata file", target, emit);
  return await inVertex(vertex, async () => {
    const entries: Record<string, string> = {};
    for await (const { record } of new ControlClient(channel).listenBuildHistory({ ref, earlyExit: true }, { signal })) {
      const single = await read(record.result);
      if (single !== undefined) entries[key] = single;
      for (const [platform, result] of record.results) {
        const own = await read(result);
        if (own !== undefined) entries[`${key}/${platform}`] = own;
      }
    }
    return entries;
  });
}

const isProvenance = ({ mediaType, annotations }: Descriptor): boolean =>
  mediaType === "application/vnd.in-toto+json" && (annotations[predicateKey] ?? "").startsWith("https://slsa.dev/provenance/");
