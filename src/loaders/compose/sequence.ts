/** Maps and lists of `NAME=value` texts, which the format lets people choose between (spec/compose.md 1.5). */
import { compareBytes } from "../../byte-order.ts";
import { type ComposeNode, isNull, list, type List, type Scalar, string, valueText } from "./node.ts";

/** Anything as a list: map entries become `k=v` in byte order, a text one item, anything else none. */
export function toSequence(node: ComposeNode): List {
  switch (node.kind) {
    case "list":
      return node;
    case "map": {
      const items: Scalar[] = [];
      for (const [key, { value }] of node.entries) {
        if (isNull(value)) items.push(string(key, value.range));
        else if (value.kind === "list") items.push(...value.items.map((item) => string(`${key}=${valueText(item)}`, item.range)));
        else items.push(string(`${key}=${valueText(value)}`, value.range));
      }
      return list(
        items.sort((a, b) => compareBytes(a.text, b.text)),
        node.range,
      );
    }
    case "scalar":
      return list(node.type === "string" ? [node] : [], node.range);
    default:
      return node satisfies never;
  }
}

/** The parts before and after the first `=`; no value when there is none. */
export function splitPair(text: string): { readonly name: string; readonly value?: string } {
  const at = text.indexOf("=");
  return at < 0 ? { name: text } : { name: text.slice(0, at), value: text.slice(at + 1) };
}
