target "web" { args = { B = "hcl" } }
target "extra" { inherits = ["web"] }
group "default" { targets = ["web", "extra"] }
