variable "token" {
  type      = string
  default   = "secret"
  ephemeral = true
}

locals {
  header = "Bearer ${var.token}"
}

resource "terraform_data" "this" {
  input = "x"
}
