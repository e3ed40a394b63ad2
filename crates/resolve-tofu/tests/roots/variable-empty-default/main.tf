variable "token" {
  type    = string
  default = ""
}

variable "domain" {
  type    = string
  default = null
}

module "inner" {
  source = "./inner"

  token = var.token
}

output "url" {
  value = "https://${var.domain}"
}

output "host" {
  value = coalesce(var.token, var.domain)
}
