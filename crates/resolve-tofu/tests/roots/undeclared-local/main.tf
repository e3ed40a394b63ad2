locals {
  domain = "example.org"
}

output "host" {
  value = "www.${local.domian}"
}
