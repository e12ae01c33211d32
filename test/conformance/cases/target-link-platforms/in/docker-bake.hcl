target "lib" { platforms = ["linux/amd64"] }
target "default" {
  contexts = { lib = "target:lib" }
  platforms = ["linux/amd64", "linux/arm64"]
}
