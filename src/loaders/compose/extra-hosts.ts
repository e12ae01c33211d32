/** Host names and their addresses: a map, or a list of `host=address` or `host:address` (spec/compose.md 3.2). */
import type { SourceRange } from "../../diagnostics.ts";
import { type ComposeNode, isString, type Scalar, valueText } from "./node.ts";
import type { Text } from "./project.ts";

export type Hosts =
  | { readonly ok: true; readonly hosts: ReadonlyMap<string, Text> }
  | { readonly ok: false; readonly message: string; readonly range: SourceRange };

export function hostsOf(node: ComposeNode): Hosts {
  const hosts = new Map<string, Text>();
  const add = (name: string, addresses: readonly string[], range: SourceRange): string | undefined => {
    if (name === "" || /[:=]/.test(name)) return `bad host name '${name}'`;
    const all = [...(hosts.has(name) ? [(hosts.get(name) as Text).text] : []), ...addresses.map(withoutBrackets)];
    hosts.set(name, { text: all.join(","), range: hosts.get(name)?.range ?? range });
    return undefined;
  };
  if (node.kind === "map") {
    for (const [name, { value }] of node.entries) {
      const message = add(name, value.kind === "list" ? value.items.map(valueText) : [(value as Scalar).text], value.range);
      if (message !== undefined) return { ok: false, message, range: value.range };
    }
  } else if (node.kind === "list") {
    for (const item of node.items) {
      const message = isString(item) ? addItem(item, add) : undefined;
      if (message !== undefined) return { ok: false, message, range: item.range };
    }
  }
  return { ok: true, hosts };
}

function addItem(item: Scalar, add: (name: string, addresses: readonly string[], range: SourceRange) => string | undefined): string | undefined {
  const at = item.text.includes("=") ? item.text.indexOf("=") : item.text.indexOf(":");
  if (at < 0) return `invalid additional host, missing IP: ${item.text}`;
  return add(item.text.slice(0, at), item.text.slice(at + 1).split(","), item.range);
}

const withoutBrackets = (address: string): string => (address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address);
