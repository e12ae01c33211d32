target "default" { args = { a = formatdate("YYYY-MM-DD'T'hh:mm", "2024-02-29T13:05:00Z"), b = timeadd("2024-02-29T13:05:00Z", "36h") } }
