variable "name" {
  type    = string
  default = "b"
}

output "name" {
  value = var.name
}
