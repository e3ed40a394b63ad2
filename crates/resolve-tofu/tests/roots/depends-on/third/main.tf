resource "terraform_data" "third" {
  input = "c"
}

output "name" {
  value = terraform_data.third.input
}
