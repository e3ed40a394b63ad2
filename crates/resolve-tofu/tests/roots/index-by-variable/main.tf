locals {
  ports = { http = 80, https = 443 }
  key   = "https"
  list  = ["a", "b"]
}

output "all" {
  value = [local.ports[local.key], local.ports["http"], local.list[1], local.list["0"], local.ports[format("%s", "http")]]
}
