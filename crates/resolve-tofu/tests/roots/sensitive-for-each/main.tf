variable "names" {
  type      = set(string)
  default   = ["a"]
  sensitive = true
}

resource "terraform_data" "this" {
  for_each = var.names
  input    = each.key
}
