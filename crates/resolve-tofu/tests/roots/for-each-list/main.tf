resource "terraform_data" "group" {
  for_each = ["a", "b"]
  input    = each.key
}
