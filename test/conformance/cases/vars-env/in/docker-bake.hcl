variable "TAG" { default = "latest" }
variable "N" { default = 3 }
variable "ON" { default = false }
target "default" { args = { tag = TAG, n = N + 1, on = ON ? "on" : "off" } }
