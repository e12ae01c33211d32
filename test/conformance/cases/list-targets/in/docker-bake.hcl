target "a" { description = "First." }
target "b" {}
group "default" { targets = ["a"] }
