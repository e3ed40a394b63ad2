variable "name" {
  type = string
}

resource "terraform_data" "node" {
  input = var.name
}

output "name" {
  value = upper(var.name)
}
