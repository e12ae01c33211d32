variable "k" { default = "dyn" }
target "default" { args = { bare = 1, "quoted" = 2, (k) = 3, colon : 4, "in-${k}" = 5 } }
