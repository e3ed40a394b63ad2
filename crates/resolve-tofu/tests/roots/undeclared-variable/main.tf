variable "region" {
  default = "eu"
}

output "region" {
  value = var.regoin
}
