# one
target "default" { // two
  args = { /* three */ a = "1" /* four */ }
  tags = [ # five
    "a:1", // six
  ]
} # seven