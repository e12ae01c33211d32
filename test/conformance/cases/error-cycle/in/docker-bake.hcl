variable "A" { default = "${A}x" }
target "default" { args = { a = A } }
