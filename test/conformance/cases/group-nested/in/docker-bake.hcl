group "default" { targets = ["g", "b"] }
group "g" { targets = ["a", "b"] }
target "a" {}
target "b" {}
target "c" {}
