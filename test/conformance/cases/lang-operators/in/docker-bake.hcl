target "default" {
  args = {
    a = 1 + 2 * 3 == 7 && !(2 > 3) ? "yes" : "no"
    b = "a" != "b" || false
    c = 3 >= 3
    d = "1" == 1
    e = true ? "t" : 1
  }
}
