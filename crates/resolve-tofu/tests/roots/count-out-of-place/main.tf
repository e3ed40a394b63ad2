resource "terraform_data" "this" {
  for_each = { a = 1 }
  input    = count.index
}
