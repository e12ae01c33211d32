/** A definition that came with a warning in the JSON that Go makes of it: fields in order, empty ones left out, maps by key. */
import { sortedKeys } from "../../byte-order.ts";
import * as wire from "./wire/ops.ts";

/** Source infos hold definitions, which hold source infos. */
const depthLimit = 5;

/** Undefined for bytes that are no definition. */
export function definitionJson(bytes: Uint8Array): object | undefined {
  try {
    return definition(bytes, 0);
  } catch {
    // What cannot be read cannot be shown; the warning stands without it.
    return undefined;
  }
}

function definition(bytes: Uint8Array, depth: number): object {
  const { def, metadata, source } = wire.Definition.decode(bytes);
  return {
    ...(def.length > 0 && { def: def.map(base64) }),
    ...mapped("metadata", metadata, operation),
    ...(source && {
      Source: {
        ...mapped("locations", source.locations, ({ locations }) => (locations.length > 0 ? { locations: locations.map(location) } : {})),
        ...(source.infos.length > 0 && { infos: source.infos.map((info) => sourceInfo(info, depth)) }),
      },
    }),
  };
}

function sourceInfo({ filename, data, definition: inner, language }: wire.SourceInfo, depth: number): object {
  return {
    ...(filename && { filename }),
    ...(data.length > 0 && { data: base64(data) }),
    ...(inner.length > 0 && depth < depthLimit && { definition: definition(inner, depth + 1) }),
    ...(language && { language }),
  };
}

function operation({ ignoreCache, description, exportCache, caps, progressGroup, linuxResources }: wire.OpMetadata): object {
  return {
    ...(ignoreCache && { ignore_cache: true }),
    ...mapped("description", description, (text) => text),
    ...(exportCache && { export_cache: exportCache.value ? { Value: true } : {} }),
    ...mapped("caps", caps, (enabled) => enabled),
    ...(progressGroup && { progress_group: filled(progressGroup) }),
    ...(linuxResources && {
      linux_resources: filled(
        Object.fromEntries(Object.entries(linuxResources).map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value])),
      ),
    }),
  };
}

const location = ({ sourceIndex, ranges }: wire.Location): object => ({
  ...(sourceIndex !== 0 && { sourceIndex }),
  ...(ranges.length > 0 && { ranges: ranges.map(({ start, end }) => ({ ...(start && { start: filled(start) }), ...(end && { end: filled(end) }) })) }),
});

/** Without what has its default value. */
const filled = (message: object): object => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== 0 && value !== "" && value !== false));

function mapped<Value>(name: string, map: Readonly<Record<string, Value>>, encode: (value: Value) => unknown): object {
  const keys = sortedKeys(Object.keys(map));
  return keys.length === 0 ? {} : { [name]: Object.fromEntries(keys.map((key) => [key, encode(map[key] as Value)])) };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
