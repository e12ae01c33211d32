function "tag" { 
  params = [name]
  variadic_params = rest
  result = join(":", concat([name], rest))
}
function "twice" {
  params = [x]
  result = "${tag(x, "1")} ${tag(x)}"
}
target "default" { args = { a = twice("img"), b = tag("a", "b", "c") } }
