tagret "default" {}
