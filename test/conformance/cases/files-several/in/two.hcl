variable "V" { default = "2" }
target "default" { tags = ["two:${V}"] }
