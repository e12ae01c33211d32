target "default" {
  dockerfile-inline = "FROM scratch\nCOPY greeting.txt /\n"
  labels            = { "org.opencontainers.image.title" = "hello" }
  tags              = ["hello:latest"]
}
