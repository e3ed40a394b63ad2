variable "path" {
  type    = string
  default = "inner"
}

locals {
  folder = "./modules"
}

module "inner" {
  source = "${local.folder}/${var.path}"
}

output "name" {
  value = module.inner.name
}
