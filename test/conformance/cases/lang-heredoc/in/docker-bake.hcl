target "default" {
  dockerfile-inline = <<-END
      FROM scratch
        COPY . /
      LABEL x="${"y"}"
    END
  args = {
    plain = <<END
  two
END
  }
}
