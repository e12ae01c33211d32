target "default" { args = {
  a = base64encode("hi"), b = base64decode("aGk="), c = jsonencode({ a = [1, true, null] }), d = jsondecode("{\"x\": 2}").x
  e = sha256("x"), f = md5("x"), g = urlencode("a b/c"), h = csvdecode("a,b\n1,2")[0].b
} }
