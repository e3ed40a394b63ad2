variable "password" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

locals {
  url = "postgres://user:${var.password}@db.example.org"
}

output "url" {
  value     = local.url
  sensitive = true
}

output "length" {
  value = nonsensitive(length(var.password))
}

output "is" {
  value = issensitive(local.url)
}
