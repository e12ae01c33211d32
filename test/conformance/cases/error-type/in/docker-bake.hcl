target "default" { context = ["a"] }
