target "a" { args = { v = "a", w = "a" } }
target "b" { 
  inherits = ["a"]
  args = { v = "b" }
}
target "default" { inherits = ["b"] }
