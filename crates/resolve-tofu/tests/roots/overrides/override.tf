locals {
  name = "override"
}

resource "terraform_data" "this" {
  input = "override"
}
