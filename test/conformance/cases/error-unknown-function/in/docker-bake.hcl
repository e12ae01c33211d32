target "default" { args = { a = shout("x") } }
