resource "terraform_data" "this" {
  input = each.key
}
