variable "token" {
  type = string
}

variable "apps" {
  type = map(object({ url = string }))
}

locals {
  header = "Bearer ${var.token}"
  count  = length(var.apps)
}

output "kind" {
  value = "known"
}

output "header" {
  value = local.header
}
