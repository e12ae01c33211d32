group "default" { targets = ["g"] }
group "g" { targets = ["default", "a"] }
target "a" {}
