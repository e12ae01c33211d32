# A small shop: services that share a base image, a storefront in two editions and two languages, an agent for two
# processors, and a handbook. compose.yaml adds the gateway and the metrics service.

variable "VERSION" {
  default = "1.4.0"
}

variable "REGISTRY" {
  default     = ""
  description = "Where images are pushed to, such as registry.example.com/shop; nothing keeps them local."
}

variable "BUSYBOX" {
  default     = ".busybox"
  description = "What gives the base a shell: a folder with bin/busybox in it (`npm run demo` makes one), or an image."
}

function "image" {
  params = [name]
  result = REGISTRY == "" ? "shop/${name}" : "${REGISTRY}/${name}"
}

function "tags" {
  params          = [name]
  variadic_params = suffixes
  result          = [for suffix in concat([VERSION, "latest"], suffixes) : "${image(name)}:${suffix}"]
}

group "default" {
  targets = ["services", "storefront", "agent", "handbook", "compose"]
}

group "services" {
  targets = ["api", "worker", "mailer", "scheduler", "search"]
}

group "compose" {
  targets = ["gateway", "metrics"]
}

# What every target here starts from; not built by itself.
target "_shared" {
  args = {
    VERSION = VERSION
  }
  labels = {
    "org.opencontainers.image.version" = VERSION
    "org.opencontainers.image.vendor"  = "The Example Shop"
  }
}

# A shell and the shop's build tools. Other targets build on it without it ever being pushed or tagged.
target "base" {
  inherits = ["_shared"]
  context  = "base"
  contexts = {
    busybox = BUSYBOX
  }
  output = ["type=cacheonly"]
}

target "_service" {
  inherits   = ["_shared"]
  dockerfile = "../Dockerfile"
  contexts = {
    base = "target:base"
  }
}

target "api" {
  inherits = ["_service"]
  context  = "services/api"
  args     = { SERVICE = "api", PORT = 8080 }
  tags     = tags("api")
}

target "worker" {
  inherits = ["_service"]
  context  = "services/worker"
  args     = { SERVICE = "worker" }
  tags     = tags("worker")
}

# Its image holds a signature that is made with a key which the image never contains.
target "mailer" {
  inherits = ["_service"]
  context  = "services/mailer"
  target   = "signed"
  args     = { SERVICE = "mailer" }
  secret   = ["id=signing-key,src=secrets/signing-key.txt", "id=registry-token,env=REGISTRY_TOKEN"]
  tags     = tags("mailer")
}

target "scheduler" {
  inherits = ["_service"]
  context  = "services/scheduler"
  args     = { SERVICE = "scheduler" }
  tags     = tags("scheduler")
}

# Builds on what another service produces.
target "search" {
  inherits = ["_service"]
  context  = "services/search"
  contexts = {
    api = "target:api"
  }
  dockerfile = "Dockerfile"
  args       = { SERVICE = "search" }
  tags       = tags("search")
}

target "storefront" {
  name     = "storefront-${edition}-${language}"
  inherits = ["_shared"]
  matrix = {
    edition  = ["community", "business"]
    language = ["en", "de"]
  }
  context = "web"
  contexts = {
    base = "target:base"
  }
  args = {
    EDITION  = edition
    LANGUAGE = language
  }
  tags = edition == "community" ? tags("storefront-${language}", "free-${language}") : ["${image("storefront")}:${VERSION}-${edition}-${language}"]
}

# Runs on customers' machines, so it is built for both processors; the build itself runs on the builder's own.
target "agent" {
  inherits  = ["_shared"]
  context   = "agent"
  platforms = ["linux/amd64", "linux/arm64"]
  contexts = {
    base = "target:base"
  }
  tags = tags("agent")
}

# A static site for the web server, written to a folder instead of an image.
target "handbook" {
  inherits = ["_shared"]
  context  = "docs"
  contexts = {
    base = "target:base"
  }
  output = ["type=local,dest=out/handbook"]
}
