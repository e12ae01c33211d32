target "default" { args = { "é👩‍💻" = NOPE } }
