target "default" { args = { b = "2" } }
