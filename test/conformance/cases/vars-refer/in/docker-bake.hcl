variable "C" { default = "${B}c" }
variable "A" { default = "a" }
variable "B" { default = "${A}b" }
target "default" { args = { c = C } }
