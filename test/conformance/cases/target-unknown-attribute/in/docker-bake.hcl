target "default" { contxt = "." }
