target "default" { args = { a = NOPE } }
