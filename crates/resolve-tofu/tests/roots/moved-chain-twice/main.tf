resource "terraform_data" "new" {
}

resource "terraform_data" "newer" {
}

moved {
  from = terraform_data.old
  to   = terraform_data.new
}

moved {
  from = terraform_data.old
  to   = terraform_data.newer
}
