variable "V" { default = "1" }
target "default" {
  args = { v = V }
  tags = ["one"]
}
