/** Elements made by calls: texts are only ever text, whatever a build calls its steps. */

type Child = Node | string | undefined;

export interface Attributes {
  readonly class?: string;
  readonly title?: string;
  readonly data?: Readonly<Record<string, string | number>>;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: name, title, data }: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (title) made.title = title;
  for (const [key, value] of Object.entries(data ?? {})) made.dataset[key] = String(value);
  for (const child of children) if (child !== undefined) made.append(child);
  return made;
}

export function button(text: string, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", attributes, text);
  made.type = "button";
  return made;
}

/** An element of the page itself. */
export function part<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}

/** `dt` and `dd` pairs; pairs without a value are left out. */
export function facts(pairs: readonly (readonly [label: string, value: Child])[]): HTMLElement {
  const list = element("dl");
  for (const [label, value] of pairs) if (value !== undefined && value !== "") list.append(element("dt", {}, label), element("dd", {}, value));
  return list;
}
