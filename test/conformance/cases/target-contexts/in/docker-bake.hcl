target "base" { dockerfile-inline = "FROM scratch" }
target "default" {
  contexts = { base = "target:base", img = "docker-image://alpine@sha256:0000000000000000000000000000000000000000000000000000000000000000", dir = "./sub", git = "https://example.com/r.git#main:dir" }
}
