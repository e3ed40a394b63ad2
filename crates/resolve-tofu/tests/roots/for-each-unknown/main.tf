resource "terraform_data" "source" {
  input = ["a"]
}

resource "terraform_data" "sink" {
  for_each = toset(terraform_data.source.output)
  input    = each.key
}
