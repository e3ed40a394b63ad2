resource "terraform_data" "app" {
  input = "grafana"
}

locals {
  groups = [{ name = terraform_data.app.output }]
}

module "inner" {
  source = "./inner"

  groups = terraform_data.app.id == "1" ? local.groups : []
  icons  = terraform_data.app.id == "1" ? { grafana = { path = "a.svg" } } : {}
}
