target "default" { args = {
  a = upper("abc"), b = title("two words"), c = replace("a-b-c", "-", "_"), d = trimspace("  x "), e = substr("hello", 1, 3)
  f = split(",", "a,b")[1], g = join("-", ["a", "b"]), h = format("%s-%03d", "n", 7), i = trimprefix("v1.2", "v")
  k = regex_replace("a1b22", "[0-9]+", "#"), l = indent(2, "a\nb"), m = chomp("x\n"), n = strlen("añb")
} }
