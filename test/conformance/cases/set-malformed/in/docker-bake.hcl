target "a" { 
  args = { v = "1" }
  tags = ["a"]
}
target "b" { args = { v = "1" } }
group "default" { targets = ["a", "b"] }
