target "default" {
  args = { a = "tab\there", b = "quote\"", c = "\u00e9\U0001F600", d = "back\\slash" }
}
