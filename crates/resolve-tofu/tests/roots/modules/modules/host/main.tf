variable "url" {
  type = string
}

locals {
  host = split("/", var.url)[2]
}

resource "terraform_data" "host" {
  input = local.host
}

output "host" {
  value = local.host
}
