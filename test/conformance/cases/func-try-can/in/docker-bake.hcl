variable "o" { default = { a = "1" } }
target "default" { args = { a = try(o.missing, o.a), b = can(o.missing), c = can(o.a) } }
