variable "replicas" {
  default = 3
}

resource "terraform_data" "node" {
  count = var.replicas
  input = "node-${count.index}"
}

resource "terraform_data" "none" {
  count = 0
  input = "never"
}

output "inputs" {
  value = terraform_data.node[*].input
}

output "first" {
  value = terraform_data.node[0].input
}

output "none" {
  value = one(terraform_data.none[*].input)
}

output "length" {
  value = length(terraform_data.node)
}
