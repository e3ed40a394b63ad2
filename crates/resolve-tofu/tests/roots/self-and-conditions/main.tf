locals {
  letters = "a"
}

resource "terraform_data" "this" {
  input = "a"

  lifecycle {
    precondition {
      condition     = length(local.letters) == 1
      error_message = "One letter."
    }

    postcondition {
      condition     = self.input == "a"
      error_message = "Still one letter."
    }
  }
}

check "name" {
  assert {
    condition     = terraform_data.this.input != "b"
    error_message = "Not b."
  }
}
