target "default" { matrix = { v = ["1"] } }
