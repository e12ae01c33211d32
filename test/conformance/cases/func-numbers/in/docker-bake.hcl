target "default" { args = {
  a = min(3, 1, 2), b = max(1, 2), c = ceil(1.2), d = floor(-1.2), e = absolute(-4), f = pow(2, 10), g = parseint("ff", 16), h = int(3.9), i = signum(-3)
} }
