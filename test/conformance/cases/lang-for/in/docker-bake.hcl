variable "m" { default = { x = "1", y = "2", z = "1" } }
target "default" {
  tags = [for k, v in m : "${k}:${v}" if v == "1"]
  args = { for k, v in m : upper(k) => v }
  labels = { for v, ks in { for k, v in m : v => k... } : v => join("+", ks) }
}
