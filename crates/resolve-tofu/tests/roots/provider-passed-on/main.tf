terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

module "inner" {
  source    = "./inner"
  providers = { terraform = terraform }
}
