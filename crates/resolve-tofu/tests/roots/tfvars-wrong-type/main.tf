variable "ports" {
  type = list(number)
}

output "ports" {
  value = var.ports
}
