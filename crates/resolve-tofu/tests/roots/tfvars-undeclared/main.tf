variable "region" {
  type    = string
  default = "eu"
}

output "region" {
  value = var.region
}
