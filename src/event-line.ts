/** Events as lines of JSON (schema/events.json): times as decimal text, bytes as base64, everything else as it is. */
import type { BakeEvent } from "./events.ts";

/** One line, with its end. */
export function eventLine(event: BakeEvent): string {
  return `${JSON.stringify(event, replace)}\n`;
}

/** Buffers turn themselves into objects before a replacer sees them, so the value is looked up in its holder. */
function replace(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  const held = (this as Readonly<Record<string, unknown>>)[key];
  if (held instanceof Uint8Array) return Buffer.from(held.buffer, held.byteOffset, held.byteLength).toString("base64");
  return value;
}
