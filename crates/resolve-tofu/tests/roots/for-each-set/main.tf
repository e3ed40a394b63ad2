resource "terraform_data" "group" {
  for_each = toset(["family", "admins", "family"])
  input    = [each.key, each.value]
}

output "keys" {
  value = keys(terraform_data.group)
}

output "values" {
  value = values(terraform_data.group)[*].input
}
