locals {
  names = ["a", "b"]
}

output "third" {
  value = local.names[2]
}
