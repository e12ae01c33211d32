variable "LIST" { 
  type = list(string)
  default = ["a"]
}
variable "M" { type = map(number) }
target "default" {
  tags = LIST
  args = { for k, v in M : k => v * 2 }
}
