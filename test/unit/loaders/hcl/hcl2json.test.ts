/** A file and what another parser converts it to are the same definition (spec/hcl.md 10). */
import { describe, expect, it } from "vitest";
import type { Definition } from "../../../../src/bake/definition.ts";
import { convertHcl } from "../../../../src/loaders/hcl2json.ts";
import { NATIVE } from "../../../fuzz/grammar-corpus.ts";
import { loaded } from "../rig.ts";

/** Targets, groups and variables by name, without the places that differ between the two texts. */
function meaning({ targets, groups, variables }: Definition): object {
  const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] => [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return {
    targets: byName(targets).map(({ name, label, attributes }) => ({ name, label, attributes })),
    groups: byName(groups).map(({ name, targets: members, generated }) => ({ name, members, generated })),
    variables: byName(variables).map(({ name, type, value }) => ({ name, type, value })),
  };
}

async function expectSame(text: string): Promise<void> {
  const converted = await convertHcl("docker-bake.hcl", text);
  if (!converted.ok) throw new Error(converted.message);
  const direct = await loaded(text);
  const other = await loaded({ "docker-bake.json": JSON.stringify(converted.body) });
  expect(meaning(other)).toEqual(meaning(direct));
}

describe("loaded directly and by conversion", () => {
  it.each(NATIVE.map((text, i) => [i + 1, text] as const))("definition %i of the corpus is the same", async (_, text) => {
    await expectSame(text);
  });

  it.each<readonly [what: string, expression: string]>([
    ["numbers", "{ a = 1.50, b = 1e3, c = -0.25, d = 0 }"],
    ["references, indexes and padding", '{ a = l[0], b = "x${ o.k }y", c = "${n}", d = (n) }'],
    ["constant parts", '{ a = "a${1}b", b = "${"x"}", c = !true, d = -5 }'],
    ["escapes", '{ a = "$${x} %%{y}", b = "\\u00e9\\n\\"", c = "\\\\" }'],
    ["keys", '{ x = 1, (o.k) = 2, "${o.j}" = 3, 5 = 6 }'],
    ["conditionals and directives", '{ a = n > 3 ? "x" : "y", b = "%{ if n > 3 }a%{ else }b%{ endif }", c = "%{ for x in l }${x},%{ endfor }" }'],
    ["calls, loops and splats", '{ a = upper(join("-", l)), b = jsonencode([for x in l : x if x != "a"]), c = jsonencode(lo[*].id), d = max([1, 2]...) }'],
    ["heredocs", "{\n a = <<-X\n   one\n     ${n} \\n\n   X\n b = 1\n}"],
  ])("%s mean the same", async (_, expression) => {
    await expectSame(`n = 5\nl = ["a", "b"]\no = { k = "v", j = "w" }\nlo = [{ id = 1 }, { id = 2 }]\ntarget "default" {\n  args = ${expression}\n}\n`);
  });

  it.each(["a {", 'a = "${"'])("what one refuses, the other refuses too: %j", async (text) => {
    expect((await convertHcl("docker-bake.hcl", text)).ok).toBe(false);
    await expect(loaded(text)).rejects.toThrow();
  });
});
