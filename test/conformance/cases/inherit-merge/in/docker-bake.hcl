target "p" {
  args = { a = "p", b = "p" }
  tags = ["p"]
  labels = { l = "p" }
}
target "q" {
  args = { b = "q", c = "q" }
  tags = ["q"]
}
target "default" {
  inherits = ["p", "q"]
  args = { c = "own" }
}
