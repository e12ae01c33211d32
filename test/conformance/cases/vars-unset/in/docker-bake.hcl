variable "V" {}
target "default" { args = { v = V == null ? "unset" : V } }
