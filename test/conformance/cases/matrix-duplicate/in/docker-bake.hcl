target "default" {
  name = "same"
  matrix = { v = ["1", "2"] }
}
