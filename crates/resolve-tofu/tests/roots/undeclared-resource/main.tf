resource "terraform_data" "application" {
}

output "id" {
  value = terraform_data.aplication.id
}
