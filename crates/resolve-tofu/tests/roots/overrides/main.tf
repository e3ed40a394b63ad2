locals {
  name = "base"
}

variable "size" {
  type    = number
  default = 1
}

resource "terraform_data" "this" {
  input            = "base"
  triggers_replace = "base"
}

output "all" {
  value = [local.name, var.size]
}
