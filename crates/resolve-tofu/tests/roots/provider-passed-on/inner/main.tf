terraform {
  required_providers {
    terraform = {
      source                = "terraform.io/builtin/terraform"
      configuration_aliases = [terraform]
    }
  }
}

resource "terraform_data" "one" {
  input = "a"
}
