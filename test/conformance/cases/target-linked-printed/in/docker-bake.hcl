group "default" { targets = ["app"] }
target "lib" { target = "lib" }
target "mid" { contexts = { lib = "target:lib" } }
target "app" { contexts = { mid = "target:mid" } }
