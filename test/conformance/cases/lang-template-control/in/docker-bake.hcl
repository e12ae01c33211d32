variable "names" { default = ["ada", "bob"] }
target "default" {
  args = {
    loop = "%{ for n in names }[${n}]%{ endfor }"
    keyed = "%{ for i, n in names }${i}=${n};%{ endfor }"
    cond = "%{ if length(names) > 1 }many%{ else }few%{ endif }"
    trim = "a %{~ if true ~} b %{~ endif ~} c"
    escaped = "$${x} %%{y}"
  }
}
