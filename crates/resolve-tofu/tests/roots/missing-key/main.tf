locals {
  ports = { http = 80 }
}

output "https" {
  value = local.ports.https
}
