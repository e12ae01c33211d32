target "app" {
  name = "app-${os}-${v}"
  matrix = { os = ["deb", "rpm"], v = ["1", "2"] }
  dockerfile = "${os}.Dockerfile"
}
