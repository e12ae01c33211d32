/** From files to the bytes that `--print` and `--list` write (spec/bake.md 4, 7). Expectations are the reference's. */
import { describe, expect, test } from "vitest";
import { listTargets } from "../../../src/bake/list.ts";
import { printDefinition } from "../../../src/bake/print.ts";
import { resolve } from "../../../src/bake/resolve.ts";
import { argument, gives, hostOf, loaded, loads, type Options } from "./rig.ts";

async function printed(files: string, { env = {}, targets = [] }: Options = {}): Promise<string> {
  const resolved = resolve(await loaded(files, { env }), { targets, overrides: [], host: hostOf(files, env) });
  if (!resolved.ok) throw new Error(resolved.diagnostics[0]?.summary);
  return printDefinition(resolved.value);
}

const FULL = `target "default" {
  policy            = ["filename=a.rego,log-level=warn"]
  extra-hosts       = { h = "1.2.3.4" }
  entitlements      = ["network.host"]
  call              = "build"
  resources         = { cpu-shares = 5, memory = "1g" }
  ulimits           = ["nofile=1024"]
  shm-size          = 64000000
  no-cache-filter   = ["s"]
  network           = "none"
  no-cache          = false
  pull              = true
  output            = ["type=docker"]
  platforms         = ["linux/amd64"]
  secret            = ["id=s,env=E"]
  target            = "t"
  cache-to          = ["type=inline"]
  cache-from        = ["type=gha"]
  tags              = ["t:1"]
  labels            = { l = "1" }
  args              = { b = 1, a = 2 }
  dockerfile-inline = "FROM scratch"
  dockerfile        = "D"
  contexts          = { c = "d" }
  context           = "ctx"
  attest            = ["type=sbom"]
  annotations       = ["k=v"]
  description       = "d"
}
`;

describe("print", () => {
  test("[bake 16] [bake 30] [bake 34] keys come in the order of the schema, entries in that of their kind", async () => {
    expect(await printed(FULL, { env: { E: "x" } })).toBe(`{
  "group": {
    "default": {
      "targets": [
        "default"
      ]
    }
  },
  "target": {
    "default": {
      "description": "d",
      "annotations": [
        "k=v"
      ],
      "attest": [
        {
          "type": "sbom"
        }
      ],
      "context": "ctx",
      "contexts": {
        "c": "d"
      },
      "dockerfile": "D",
      "dockerfile-inline": "FROM scratch",
      "args": {
        "a": "2",
        "b": "1"
      },
      "labels": {
        "l": "1"
      },
      "tags": [
        "t:1"
      ],
      "cache-from": [
        {
          "type": "gha"
        }
      ],
      "cache-to": [
        {
          "type": "inline"
        }
      ],
      "target": "t",
      "secret": [
        {
          "id": "s",
          "env": "E"
        }
      ],
      "platforms": [
        "linux/amd64"
      ],
      "output": [
        {
          "type": "docker"
        }
      ],
      "pull": true,
      "no-cache": false,
      "network": "none",
      "no-cache-filter": [
        "s"
      ],
      "shm-size": "64000000",
      "ulimits": [
        "nofile=1024"
      ],
      "resources": {
        "memory": "1g",
        "cpu-shares": 5
      },
      "call": "build",
      "entitlements": [
        "network.host"
      ],
      "extra-hosts": {
        "h": "1.2.3.4"
      },
      "policy": [
        {
          "Files": [
            {
              "Filename": "a.rego",
              "Data": null
            }
          ],
          "Reset": false,
          "Disabled": false,
          "Strict": null,
          "LogLevel": "warning"
        }
      ]
    }
  }
}
`);
  });
  test("keys are in the order of their bytes, whatever they mean elsewhere", async () => {
    const names = ["10", "9", "a", "-1", "é", "\ue000", "😀", "__proto__", "toJSON"];
    const files = `target "default" {\n  args = { ${names.map((name) => `${JSON.stringify(name)} = "v"`).join(", ")} }\n}\ntarget "1" {}\ngroup "2" { targets = ["1"] }\n`;
    const text = await printed(files, { targets: ["2", "default", "1"] });
    const places = ["-1", "10", "9", "__proto__", "a", "toJSON", "é", "\ue000", "😀"].map((name) => text.indexOf(`\n        "${name}": "v"`));
    expect(places.every((place, at) => place > (places[at - 1] ?? 0))).toBe(true);
    expect(text).toContain('"group": {\n    "2": {');
    expect(text).toContain('"target": {\n    "1": {');
  });
  test("what a library user put together is printed in the same way", async () => {
    const resolved = resolve(await loaded('target "default" {}'), { targets: [], overrides: [], host: hostOf("", {}) });
    if (!resolved.ok) throw new Error(resolved.diagnostics[0]?.summary);
    const found = resolved.value.targets.get("default");
    if (!found) throw new Error("not there");
    const target = { ...found.target, args: { b: "${x}", a: "\\ud800" }, resources: { "cpu-quota": 12345678901234567890n, memory: "1g" } };
    const text = printDefinition({ groups: new Map(), targets: new Map([["7", { ...found, target }]]) });
    expect(text).toBe(`{
  "group": {},
  "target": {
    "7": {
      "context": ".",
      "dockerfile": "Dockerfile",
      "args": {
        "a": "\\\\ud800",
        "b": "$\${x}"
      },
      "resources": {
        "memory": "1g",
        "cpu-quota": 12345678901234567890
      }
    }
  }
}
`);
  });
  test("[bake 17] characters of markup are escaped", async () => {
    expect(await printed(argument('"<&>"'))).toContain('"v": "\\u003c\\u0026\\u003e"');
  });
});

loads("printed values", [
  [
    "[bake 18] template marks are escaped where they can be fed back",
    'target "default" {\n  args = { E = "$${x} %%{y}" }\n  tags = ["$${x}"]\n}\n',
    { default: { args: { E: "$${x} %%{y}" }, tags: ["${x}"] } },
  ],
  [
    "[bake 19] false and empty texts are printed, null is not",
    'target "default" {\n  pull = false\n  no-cache = false\n  target = ""\n  network = ""\n  dockerfile-inline = ""\n  call = null\n  shm-size = null\n}\n',
    { default: { "dockerfile-inline": "", target: "", pull: false, "no-cache": false, network: "" } },
  ],
  [
    "[bake 86] the epoch of the sources is an argument",
    'target "default" {}\n',
    { default: { args: { SOURCE_DATE_EPOCH: "5" } } },
    { env: { SOURCE_DATE_EPOCH: "5" } },
  ],
  ["a printed definition loads to itself", { "a.json": '{"target":{"default":{"args":{"v":"$${x}"}}}}' }, gives("$${x}"), { f: ["a.json"] }],
]);

test("[bake 87] lists hide underscores, sort, and show members sorted", async () => {
  const files = `group "g" {
  description = "some"
  targets     = ["b", "a"]
}
target "b" { description = "the b" }
target "a" {}
target "_hidden" {}
target "m" {
  matrix = { v = ["y", "x"] }
  name   = "m-\${v}"
}
`;
  expect(JSON.parse(listTargets(await loaded(files), "json"))).toEqual([
    { name: "a" },
    { name: "b", description: "the b" },
    { name: "g", description: "some (a, b)", group: true },
    { name: "m", description: "m-x, m-y", group: true },
    { name: "m-x" },
    { name: "m-y" },
  ]);
});
