variable "ports" {
  type = set(number)
}

variable "app" {
  type = object({ name = string, size = optional(number, 1) })
}

output "all" {
  value = [var.ports, var.app]
}
