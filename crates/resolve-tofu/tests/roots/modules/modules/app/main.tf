variable "name" {
  type = string
}

variable "url" {
  type = string
}

resource "terraform_data" "this" {
  input = { name = var.name, url = var.url }
}

module "host" {
  source = "../host"
  url    = var.url
}

output "url" {
  value = terraform_data.this.input.url
}

output "id" {
  value = terraform_data.this.id
}

output "host" {
  value = module.host.host
}
