locals {
  size = 2
}

resource "terraform_data" "this" {
  input = "a"

  lifecycle {
    precondition {
      condition     = local.size == 1
      error_message = "One only."
    }
  }
}
