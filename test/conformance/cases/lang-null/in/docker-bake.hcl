target "default" {
  dockerfile = null
  args = { a = null, b = "1" }
  tags = null
}
