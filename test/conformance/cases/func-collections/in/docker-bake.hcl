target "default" { args = {
  a = join(",", distinct(["a", "b", "a"])), b = join(",", sort(["c", "a"])), c = length(["x"]), d = contains(["a"], "a")
  e = lookup({ k = "v" }, "z", "fallback"), f = join(",", keys({ b = 1, a = 2 })), g = join(",", flatten([["a"], ["b", ["c"]]]))
  h = element(["a", "b"], 3), i = coalesce("", "x"), j = join(",", concat(["a"], ["b"])), k = join(",", compact(["a", "", "b"])), l = join(",", range(3))
  m = join(",", values(merge({ a = "1" }, { a = "2", b = "3" }))), n = join(",", reverselist(["a", "b"])), o = join(",", setunion(["b"], ["a"]))
} }
