target "default" { inherits = ["nobody"] }
