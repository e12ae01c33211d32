/** Small definitions that use all of the syntax: seeds for mutation, and cases for the comparison with another parser. */

/** Valid in the native syntax, and loadable as bake definitions. */
export const NATIVE: readonly string[] = [
  `variable "TAG" {
  default     = "latest"
  description = "Tag of all images"
}

group "default" {
  targets = ["app", "db"]
}

target "app" {
  context    = "./app"
  dockerfile = "Dockerfile"
  tags       = ["example/app:\${TAG}", notequal("", TAG) ? "example/app:x-\${TAG}" : ""]
  args = {
    TAG   = TAG
    DEBUG = false
    COUNT = 3
    NONE  = null
  }
}

target "db" {
  inherits = ["app"]
  target   = "db"
  labels   = { "org.example.name" = "db", stage = "\${upper("prod")}" }
}
`,
  `# operators and numbers
n = 1 + 2 * 3 - 4 / 2 % 5
neg = -n
flags = !(n > 3 && n <= 10) || n == 5 || n != 6 && true
big = 123456789.125e3
pick = n > 3 ? "big" : n < 0 ? "negative" : "small"
target "default" {
  args = { n = n, neg = neg, flags = flags, big = big, pick = pick, par = (1 + 2) * 3, minus = -(-n) }
}
`,
  `target "default" {
  dockerfile-inline = <<EOT
FROM scratch
COPY <<x /y
ARG A=$\${A} %%{B}
  \${upper("text")}
EOT
  args = {
    flush = <<-EOT
      one
        two \${1 + 1}

      three
    EOT
    cond = <<-EOT
      %{ if true ~}
      yes
      %{ else ~}
      no
      %{ endif ~}
      %{ for i, x in ["a", "b"] ~}
      \${i}=\${x}
      %{ endfor ~}
    EOT
  }
}
`,
  `list = ["a", "b", "c"]
map = { k = "v", "quoted key" = 1, (list[0]) = [true, null], 5 = "five" }
objects = [{ id = 1, tags = ["x"] }, { id = 2, tags = ["y", "z"] }]
target "default" {
  tags = [for i, x in list : "\${i}-\${x}" if x != "b"]
  args = { for k, v in { a = 1, b = 2 } : upper(k) => v * 2 }
  labels = {
    splat    = join(",", objects[*].id)
    legacy   = join(",", objects.*.id)
    nested   = jsonencode(objects[*].tags[0])
    group    = jsonencode({ for x in list : strlen(x) => x... })
    index    = list[1 + 1]
    attr     = map.k
    key      = map["quoted key"]
    old      = list.0
    expanded = max([1, 5, 3]...)
    try      = try(map.missing, list[9], "fallback")
  }
}
`,
  `variable "sizes" {
  type    = list(number)
  default = [1, 2]
}
variable "opts" {
  type = object({
    name  = string
    debug = optional(bool)
    deep  = map(list(string))
  })
  default = { name = "x", deep = { a = ["b"] } }
  validation {
    condition     = opts.name != ""
    error_message = "name must be set, not \${opts.name}"
  }
}
function "tag" {
  params          = [name]
  variadic_params = rest
  result          = "\${name}:\${join("-", rest)}"
}
target "default" {
  matrix = {
    arch  = ["amd64", "arm64"]
    entry = [{ v = "1" }, { v = "2" }]
  }
  name = "app-\${arch}-\${entry.v}"
  tags = [tag("app", arch, entry.v)]
  args = { sizes = length(sizes), debug = jsonencode(opts) }
}
`,
  `/* blocks in
   every form */
target "a" {}
target "b" { context = "b" } // one line
target c {
  // a label without quotes
  context = "c"
}
target "d" {
  inherits = ["a", "c"]
  contexts = { base = "target:a", src = "./src" }
  args = {
    own  = target.b.context
    text = "tab\\there \\"quoted\\" \\u00e9 \\U0001F600 back\\\\slash"
  }
}
group "default" { targets = ["a", "b", "c", "d"] }
`,
  `é = "naïve"
日本 = ["\u65e5", é]
under_score-and-dash = "x"
target "default" {
  args = { a = é, b = 日本[0], c = under_score-and-dash, d = "e\u0301", e = strlen("👩‍👩‍👧") }
}
`,
  `target "default" {
  args = {
    strip   = "  \${~ 1 ~}  x  %{~ if true ~}  y  %{~ endif ~}  z"
    dollars = "$ $$ % %% $\${x} %%{y} $$\${1}"
    nested  = "\${"\${"deep"}"}"
    object  = "x\${{ a = "}" }.a}y"
    call    = upper(<<X
text
X
    )
    multi   = (
      1 +
      2
    )
  }
}
`,
  `target "default" {
  args       = { a = "1" }
  output     = ["type=docker", { type = "local", dest = "out" }]
  cache-from = [{ type = "registry", ref = "example/cache" }]
  secret     = [{ id = "s", env = "S" }]
  platforms  = ["linux/amd64", "linux/arm64"]
  pull       = true
  no-cache   = "false"
  ulimits    = ["nofile=1024:1024"]
}
target "default" {
  args = { b = "2" }
}
`,
];

/** Valid JSON definitions. */
export const JSON_DEFINITIONS: readonly string[] = [
  `{"//":"comment","variable":{"TAG":{"default":"latest"}},"target":{"default":{"tags":["app:\${TAG}"],"args":{"a":1.50,"b":true,"c":null,"d":"\${1+1}"}}}}`,
  `{
  "n": 5,
  "list": ["a", {"\${upper(\\"k\\")}": [1e3, -0.5]}],
  "function": {"f": {"params": ["x"], "variadic_params": "rest", "result": "\${x}-\${length(rest)}"}},
  "variable": {"v": {"type": "object({a=string,b=optional(list(number))})", "default": {"a": "x"}}},
  "target": {
    "base": [{"context": "a"}, {"args": {"x": "%{ if n > 3 }big%{ else }small%{ endif }"}}],
    "default": {"inherits": ["base"], "args": {"y": "\${f(\\"a\\", 1, 2)}", "z": " \${~ n ~} ", "w": "$\${n} %%{n}", "e": "\\u00e9\\n\\ud83d\\ude00"}}
  },
  "group": [{"all": {"targets": ["base", "default"]}}]
}`,
];
