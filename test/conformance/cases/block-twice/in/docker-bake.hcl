target "default" { 
  args = { a = "1", b = "1" }
  tags = ["one"]
}
target "default" {
  args = { b = "2" }
  tags = ["two"]
}
