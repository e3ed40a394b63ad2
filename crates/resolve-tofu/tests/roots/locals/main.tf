locals {
  domain = "example.org"
  host   = "auth.${local.domain}"
  ports  = { http = 80, https = 443 }
  names  = [for name, port in local.ports : "${name}:${port}"]
}

output "host" {
  value = local.host
}

output "names" {
  value = local.names
}
