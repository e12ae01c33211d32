/** Values of compose keys in all their forms; each row is counted, so that the fuzzer shows what it reached. */
import { type Block, entries, items, plain, type Yaml } from "./compose-yaml.ts";
import type { Random } from "./random.ts";

export type Make = (random: Random) => Yaml;

/** Forms of a value by name. */
export type Forms = Readonly<Record<string, Make>>;

const texts =
  (...choices: readonly string[]): Make =>
  (random) =>
    plain(random.pick(choices));

const some =
  (...choices: readonly string[]): Make =>
  (random) =>
    items(...random.some(choices, 0.5));

const pairs =
  (...choices: readonly (readonly [string, string])[]): Make =>
  (random) =>
    entries(...random.some(choices, 0.4));

const pick =
  (...makes: readonly Make[]): Make =>
  (random) =>
    random.pick(makes)(random);

const inline: Make = (random): Block => ({
  header: random.pick(["|", "|-", ">", "|+"]),
  block: random.pick([["FROM alpine", "RUN echo $$HOME"], ["FROM ${DIR:-x}", "", "  ARG A"], ["FROM a"]]),
});

/** Scalars where text is wanted from any of them. */
export const SCALARS: readonly string[] = [
  "yes",
  "on",
  "true",
  "False",
  "010",
  "0x1F",
  "0b11",
  "1_000",
  "08",
  "1.0",
  "1.50",
  "1e3",
  "1000000.0",
  "1e-7",
  "-0",
  "+5",
  "-3",
  "12:30",
  "1.2.3",
  "0o17",
  ".5",
  "5.",
  "123456789012345678901",
  "2001-01-01",
  "2001-12-14t21:59:43.10-05:00",
  "2001-12-14 21:59:43.5",
  "!!str 1.0",
  "! 5",
  "!foo 7",
  "!!float 5",
  "'it''s'",
  '"tab\\tq\\u00e9"',
  "plain text",
  "a#b",
  '"a # b"',
  '""',
  "x=y=z",
  "'${FOO}'",
  "${FOO}",
  "$FOO-$DIR",
  "${UNSET}",
  "${UNSET:-d}",
  "${UNSET-}",
  "${EMPTY:-e}",
  "${EMPTY-e}",
  "${FOO:+alt}",
  "${UNSET+alt}",
  "${UNSET:-${FOO:-x}}",
  "$$FOO",
  '"$$ {x}"',
  "'$1 $ $('",
  '"${UNSET:-{\\"a\\":1}}"',
  "'${UNSET:-{}}-x'",
  "${FOO}}",
  '"${NUM}"',
  "${COMPOSE_PROJECT_NAME}",
  "'%{x}'",
  '"%%{x}"',
];

const scalar: Make = (random) => plain(random.pick(SCALARS));
const named =
  (names: readonly string[], none: boolean): Make =>
  (random) =>
    entries(...random.some(names, 0.5).map((name) => [name, none && random.chance(0.2) ? plain(random.pick(["", "null", "~"])) : scalar(random)] as const));
const listed =
  (names: readonly string[], none: boolean): Make =>
  (random) =>
    items(
      ...random
        .some(names, 0.6)
        .map((name) =>
          none && random.chance(0.3) ? name : random.pick([`${name}=1`, `${name}=`, `"${name}=a=b"`, `"${name}=\${FOO}"`, `${name}=$DIR`, `"${name}= sp "`]),
        ),
    );

/** Forms of the keys of `build`, without those that need something else in the project. */
export const BUILD: Readonly<Record<string, Forms>> = {
  context: {
    path: texts(".", "./x", "./x/../y", "../up", "a//b/", '""', "/abs/./p", "~/h", "~user"),
    url: texts("https://h.example/r.git#main:d", "docker-image://alpine", "github.com/o/r"),
    interpolated: texts("${DIR:-d}", "./$DIR", '"${EMPTY}"'),
    odd: texts("target:foo", "C:\\x", "cwd://q", "-x"),
  },
  dockerfile: { path: texts("D", "../D", "~/D", "a//D", "${DIR}/D", "cwd://D"), empty: texts('""') },
  args: { map: named(["A", "B_2", "FOO", "DOT", "SVC", "lower-1"], true), list: listed(["A", "B_2", "FOO", "DOT", "SVC"], true), empty: texts("{}", "[]") },
  labels: { map: named(["a", "org.x/y", "n"], true), list: listed(["a", "org.x/y"], true) },
  additional_contexts: {
    map: pairs(["q", "./y"], ["r", "../z"], ["i", "docker-image://alpine"], ["e", '""'], ["g", "git@h:r.git"], ["h", "~/h"], ["t", '"${DIR}"']),
    list: some("q=./y", "i=docker-image://z", "u=https://h.example/x.git", "abs=/a//b"),
  },
  tags: { list: some("t1", "t1", '"t2:${NUM}"', "yes", '""', "T=3", "T=4") },
  target: { text: texts("prod", '"${DIR}"', '""', "yes", "a b") },
  platforms: { list: some("linux/amd64", "linux/arm64", "linux/amd64", "linux/arm/v7", '"${PLATFORM:-linux/386}"', '""') },
  network: { text: texts("host", "none", "default", '""', "custom") },
  no_cache: { bool: texts("true", "false"), text: texts('"true"', '"FALSE"', "yes", '"no"', "on", '"Off"', "y", "${BOOL}") },
  pull: { bool: texts("true", "false"), text: texts('"true"', "Yes", '"n"', "${BOOL}") },
  no_cache_filter: { text: texts("a"), list: some("a", "b") },
  cache_from: {
    ref: some("u/a:c", "b,c", '""', "u/a:c", "x", "y"),
    csv: some("type=local,src=x", '"type=registry,ref=r,Mode=max"', "type=gha", "type=local,src=x", '"type=local,\\"src=a,b\\""'),
  },
  cache_to: { ref: some("u/a:c", "d"), csv: some("type=inline", '"type=local,dest=c,MODE=max"', "type=inline") },
  shm_size: {
    number: texts("64000000", "123456789", "1025", "1000", "0", "-5", "10239999", "1023", "1048575"),
    text: texts("64m", '"1.5 g"', "2KB", "3kib", '"7"', "1t", "0.5m", "12b", '"1e3k"'),
    odd: texts("1e3", "5.0"),
  },
  extra_hosts: {
    list: some('"h:1.1.1.1"', '"h=2.2.2.2"', '"v6:::1"', '"w=[::1]"', '"m=1.1.1.1,2.2.2.2"', '"h="'),
    map: pairs(["h", "1.1.1.1"], ["v", '"[::1]"'], ["l", '["1.1.1.1", "[::2]"]'], ["n", "host-gateway"], ["w", '""']),
  },
  ulimits: { map: texts("{nofile: {soft: 1, hard: 2}}", "{nofile: {soft: -1, hard: -1}}", "{nofile: {hard: 5, soft: 0}}", "{}") },
  provenance: { bool: texts("true", "false", '"1"', "F"), text: texts("mode=max", '"mode=min,builder-id=x"', '"disabled=true"', '"type=other,a=b"', '""') },
  sbom: { bool: texts("true", "false", '"t"'), text: texts('"generator=x"', '"disabled=0,G=h"', '"type=x"') },
  dockerfile_inline: { text: inline },
  entitlements: { list: some("network.host", "security.insecure") },
  privileged: { bool: texts("true", '"yes"') },
  isolation: { text: texts("x") },
  "x-other": { any: pick(scalar, some("a"), pairs(["a", "b"])) },
};

/** Keys of `x-bake`, each as a list and as one text. */
export const X_BAKE: Readonly<Record<string, Forms>> = {
  tags: { list: some("xt", "t1", "5", "2001-01-01", "1.50", "~"), words: texts('"u  v"', "w", '""', "7") },
  platforms: { list: some("linux/amd64", "linux/s390x"), words: texts("linux/arm64 linux/amd64", '"linux/${ARCH:-riscv64}"') },
  "cache-from": { list: some("xc", "u/a:c", "type=gha,scope=s"), words: texts("type=local,src=q xd", "x") },
  "cache-to": { list: some("type=inline", "type=registry,ref=x"), words: texts("type=local,dest=z") },
  secret: { list: some("id=a,env=B", "id=a,env=C", '"type=env,id=q,src=W"'), words: texts('"id=z,env=Z id=y,env=Y"') },
  output: { list: some("type=docker", "type=image,name=n", "out"), words: texts("type=registry", "type=docker type=cacheonly", "dir", "type=local,dest=o") },
  pull: { bool: texts("true", "false", "~"), word: texts("yes", '"no"', "On", "OFF", "y") },
  "no-cache": { bool: texts("true", "false"), word: texts("yes", "n") },
  "no-cache-filter": { list: some("a", "b", "a"), words: texts('"a b"') },
  contexts: { map: pairs(["q", "./z"], ["xr", "docker-image://w"], ["n", "~"], ["five", "5"], ["tt", "https://h.example/t.git"]) },
  unknown: { any: pick(scalar, pairs(["args", "{A: 1}"])) },
};

/** Service keys that matter as variables or tags only. */
export const SERVICE: Readonly<Record<string, Forms>> = {
  image: { text: texts("img", "r.example/i:${NUM:-1}", '""', "yes", "img@sha256:abc") },
  environment: { map: named(["SVC", "A", "FOO", "B_2"], true), list: listed(["SVC", "A", "FOO"], true), empty: texts("{}", "[]") },
};

/** Keys that are read, merged, cast, and thrown away. */
export const DROPPED: Readonly<Record<string, Forms>> = {
  ports: { list: some("80", '"8080:80"', '"127.0.0.1:1-3:1-3/udp"', "{target: 80, published: 5}") },
  volumes: { list: some('"a:b"', "{type: bind, source: x, target: y}", '"./x:/y:ro"') },
  depends_on: { list: some("gone", "other"), map: pairs(["gone", "{condition: service_started}"], ["g2", '{required: "no"}']) },
  command: { any: texts('"x ${FOO} y"', "[a, b]", "5", "~") },
  profiles: { list: some("never", "p") },
  deploy: { map: texts('{replicas: "${NUM}"}', "{labels: [a=b, a=c]}", '{update_config: {max_failure_ratio: "0.5"}}') },
  healthcheck: { map: texts('{retries: "3", disable: "yes"}', '{test: [CMD, "${FOO}"]}') },
  networks: { list: some("n", "m"), map: pairs(["n", ""], ["m", "{aliases: [a, a]}"]) },
  logging: { map: texts("{driver: none}", "{driver: json-file, options: {a: b}}") },
  ulimits: { map: texts('{nofile: "5"}', "{nofile: {soft: 1, hard: 2}}") },
  privileged: { any: texts('"true"', "false", "on") },
  cpus: { any: texts('"1.5"', "2") },
  "x-any": { any: pick(scalar, some("a")) },
  platform: { text: texts("linux/arm64") },
};

/** Wrong values for keys of `build`: what schema, conversion and lowering refuse. */
export const WRONG: readonly (readonly [key: string, value: string])[] = [
  ["args", "x"],
  ["args", "[A, [b]]"],
  ["args", "{A: [x]}"],
  ["args", "5"],
  ["args", '["A =1"]'],
  ["args", "{A: .inf}"],
  ["labels", "5"],
  ["labels", "{a: {b: c}}"],
  ["tags", "x"],
  ["tags", "[5]"],
  ["tags", "[~]"],
  ["tags", "{a: b}"],
  ["platforms", "x"],
  ["platforms", "[1]"],
  ["dockerfile", "5"],
  ["dockerfile", "[a]"],
  ["target", "true"],
  ["target", "1.5"],
  ["target", "2001-01-01"],
  ["network", "{}"],
  ["no_cache", "1"],
  ["no_cache", '"1"'],
  ["no_cache", '""'],
  ["pull", "x"],
  ["pull", "[]"],
  ["privileged", '"0"'],
  ["foo", "1"],
  ["Context", "x"],
  ["<<", "x"],
  ["shm_size", "1x"],
  ["shm_size", "abc"],
  ["shm_size", '"1,5"'],
  ["shm_size", "[1]"],
  ["shm_size", "1.5"],
  ["shm_size", "-1m"],
  ["extra_hosts", "[h]"],
  ["extra_hosts", "x"],
  ["extra_hosts", "{h: 5}"],
  ["extra_hosts", '["=x"]'],
  ["extra_hosts", '{"a:b": x}'],
  ["extra_hosts", '["h:1", "h:1"]'],
  ["provenance", "max"],
  ["provenance", "[a]"],
  ["provenance", "5"],
  ["provenance", "disabled=x"],
  ["sbom", '"a,b"'],
  ["cache_from", "[src=x]"],
  ["cache_from", "x"],
  ["cache_from", "[5]"],
  ["cache_to", "[{a: b}]"],
  ["cache_to", '["type=a,b"]'],
  ["ulimits", "{foo: {soft: 1, hard: 1}}"],
  ["ulimits", "{nofile: {soft: 2, hard: 1}}"],
  ["ulimits", "{nofile: {soft: 5}}"],
  ["ulimits", "{nofile: x}"],
  ["ulimits", "{nofile: 1.5}"],
  ["ulimits", "{nofile: {soft: -1, hard: 5}}"],
  ["ulimits", "[]"],
  ["secrets", "[5]"],
  ["secrets", "x"],
  ["secrets", "[undefined]"],
  ["secrets", "[{source: s, foo: b}]"],
  ["secrets", "[{source: [s]}]"],
  ["ssh", "[k]"],
  ["ssh", "default"],
  ["ssh", "[5]"],
  ["ssh", ""],
  ["additional_contexts", "x"],
  ["additional_contexts", "[q]"],
  ["additional_contexts", "{q: service:gone}"],
  ["entitlements", "x"],
  ["entitlements", "[5]"],
  ["isolation", "5"],
  ["no_cache_filter", "{}"],
  ["no_cache_filter", "[5]"],
  ["x-bake", "foo"],
  ["x-bake", "[a]"],
  ["x-bake", "5"],
  ["x-bake", "{tags: {a: b}}"],
  ["x-bake", "{pull: 1, zz: [1]}"],
  ["x-bake", "{aa: {b: c}, contexts: [x]}"],
  ["x-bake", "{secret: foo}"],
  ["x-bake", '{output: "name=x,y"}'],
  ["x-bake", "{cache-from: src=x}"],
  ["x-bake", "{contexts: {a: [b]}}"],
  ["x-bake", "{no-cache: maybe}"],
  ["x-bake", '{secret: "id=a,foo=b"}'],
  ["x-bake", '{pull: "true"}'],
  ["labels", '"x"'],
  ["dockerfile_inline", "5"],
  ["args", ""],
  ["tags", ""],
  ["target", ""],
  ["network", "~"],
  ["shm_size", ""],
  ["cache_from", ""],
  ["secrets", ""],
  ["extra_hosts", ""],
  ["ulimits", ""],
  ["x-bake", "{ssh: [{a: b}]}"],
];

/** Wrong values for keys of a service. */
export const WRONG_SERVICE: readonly (readonly [key: string, value: string])[] = [
  ["image", "5"],
  ["image", ""],
  ["build", ""],
  ["build", "5"],
  ["build", "[a]"],
  ["environment", ""],
  ["environment", "x"],
  ["environment", "{A: [b]}"],
  ["environment", '["A =1"]'],
  ["env_file", ""],
  ["env_file", "gone.env"],
  ["env_file", "{path: x}"],
  ["env_file", "[5]"],
  ["env_file", "[{format: x}]"],
  ["env_file", "[{path: f.env, format: raw}]"],
  ["extends", "gone"],
  ["extends", "{file: gone.yaml, service: q}"],
  ["extends", "{}"],
  ["extends", "[]"],
  ["ports", "x"],
  ["ports", "[99999]"],
  ["ports", '["80-90:80-81"]'],
  ["ports", '["80/foo"]'],
  ["ports", "[{published: 5}]"],
  ["volumes", "[5]"],
  ["volumes", '[""]'],
  ["volumes", "[{type: bind}]"],
  ["depends_on", "x"],
  ["depends_on", "{b: }"],
  ["devices", '["a:b:c:d"]'],
  ["gpus", "5"],
  ["expose", "[1.5]"],
  ["secrets", "[5]"],
  ["configs", "[[a]]"],
  ["label_file", "[5]"],
  ["profiles", "[5]"],
  ["scale", '"x"'],
  ["cpus", '"${UNSET}"'],
  ["privileged", '"maybe"'],
  ["command", '"${UNSET?gone}"'],
  ["command", '"${FOO"'],
  ["command", '["${UNSET:?}", x]'],
  ["command", '["${X!}"]'],
  ["pids_limit", '"1.5"'],
  ["links", "[~]"],
  ["x-y", "*gone"],
  ["x-y", "{1: 2}"],
  ["x-y", "{a: 1, a: 2}"],
  ["x-y", "{[a]: b}"],
  ["x-y", "!!int foo"],
  ["x-y", "{<<: 5}"],
  ["x-y", "&x [*x]"],
  ["x-y", "[{~: 1}]"],
];
