variable "list" { default = [{ n = "a" }, { n = "b" }] }
target "default" {
  args = {
    full = join(",", list[*].n)
    attr = join(",", list.*.n)
    single = join(",", "x"[*])
    none = length(null[*])
  }
}
