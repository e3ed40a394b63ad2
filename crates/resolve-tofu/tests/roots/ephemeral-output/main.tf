variable "token" {
  type      = string
  default   = "secret"
  ephemeral = true
}

output "token" {
  value = var.token
}
