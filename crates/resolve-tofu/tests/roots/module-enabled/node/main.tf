resource "terraform_data" "node" {
  input = "node"
}

output "name" {
  value = terraform_data.node.input
}
