variable "V" { default = "default" }
target "default" { args = { v = V } }
