resource "terraform_data" "one" {
  input            = { name = "one", size = 2 }
  triggers_replace = ["a"]
}

output "name" {
  value = terraform_data.one.input.name
}

output "output" {
  value = terraform_data.one.output
}

output "id" {
  value = "id-${terraform_data.one.id}"
}

output "triggers" {
  value = terraform_data.one.triggers_replace
}
