target "default" {
  cache-from = [{ type = "registry", ref = "x/c" }, "type=gha"]
  cache-to = [{ type = "local", dest = "cache", mode = "max" }]
  output = [{ type = "image", name = "x", push = true }]
  secret = [{ id = "a", env = "A" }]
  attest = [{ type = "sbom", disabled = "false" }]
}
