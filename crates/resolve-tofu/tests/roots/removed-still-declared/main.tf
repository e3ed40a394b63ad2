resource "terraform_data" "this" {
}

removed {
  from = terraform_data.this
}
