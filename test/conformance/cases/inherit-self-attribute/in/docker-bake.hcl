target "a" { args = { v = "1" } }
target "default" { args = { v = target.a.args.v } }
