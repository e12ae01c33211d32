variable "größe" { default = "groß" }
target "default" { args = { "schlüssel" = größe, han = "漢字" } }
