variable "v" { default = { list = [10, 20], obj = { "a b" = "c" } } }
target "default" { args = { a = v.list[1], b = v["obj"]["a b"], c = v.list.0 } }
