variable "V" {
  default = "bad"
  validation {
    condition = V != "bad"
    error_message = "V must not be ${V}."
  }
}
target "default" { args = { v = V } }
