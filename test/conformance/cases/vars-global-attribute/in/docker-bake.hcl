version = "1"
target "default" { args = { v = version } }
