group "x" { targets = ["a"] }
target "x" {}
target "a" {}
