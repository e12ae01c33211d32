target "default" {
  args = {
    big = 123456789012345678901234567890
    sum = 0.1 + 0.2
    exp = 1e3
    div = 1 / 4
    mod = -7 % 3
    neg = -(3)
  }
}
