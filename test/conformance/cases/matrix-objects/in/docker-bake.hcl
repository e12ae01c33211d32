target "default" {
  name = "t-${replace(item.version, ".", "-")}"
  matrix = { item = [{ version = "1.0", extra = "x" }, { version = "2.0", extra = "y" }] }
  args = { E = item.extra }
}
