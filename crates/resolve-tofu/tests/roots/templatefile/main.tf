output "rendered" {
  value = templatefile("${path.module}/unit.tftpl", {
    name  = "grafana"
    ports = [3000, 3001]
  })
}

output "string" {
  value = templatestring(local.template, { name = "x" })
}

locals {
  template = "hello $${name}"
}
