variable "REGISTRY" { default = "localhost:5000" }

group "default" {
  targets = ["service", "docs"]
}

target "service" {
  matrix = {
    item = ["api", "web"]
  }
  name      = item
  context   = "services/${item}"
  tags      = ["${REGISTRY}/shop/${item}"]
  platforms = ["linux/amd64", "linux/arm64"]
}

target "docs" {
  dockerfile-inline = "FROM scratch\nCOPY README.md /\n"
  output            = ["type=local,dest=out/docs"]
}
