variable "V" {
  default = "x"
  description = "What it is."
}
variable "W" {}
target "default" {}
