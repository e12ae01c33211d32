target "default" {
  context = "app"
  dockerfile = "build/Dockerfile"
  args = { A = "1" }
  labels = { "l" = "v" }
  tags = ["x/y:1", "x/y:2"]
  target = "final"
  platforms = ["linux/arm64", "linux/amd64"]
  cache-from = ["type=registry,ref=x/cache", "user/app:cache"]
  cache-to = ["type=inline"]
  output = ["type=oci,dest=out.tar,name=x"]
  secret = ["id=a,env=A", "type=file,id=b,src=b.txt"]
  network = "host"
  shm-size = "128m"
  ulimits = ["nofile=1024:2048"]
  no-cache-filter = ["one"]
  pull = true
  no-cache = false
  extra-hosts = { "a.example" = "10.0.0.1" }
  annotations = ["index:k=v"]
  attest = ["type=provenance,mode=max", "type=sbom"]
  call = "check"
  description = "All of it."
  entitlements = ["network.host"]
}
