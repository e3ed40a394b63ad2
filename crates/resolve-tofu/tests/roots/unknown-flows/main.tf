resource "terraform_data" "one" {
  input = "a"
}

locals {
  list   = [terraform_data.one.id, "b"]
  object = { id = terraform_data.one.id, name = "n" }
}

output "list" {
  value = local.list
}

output "length" {
  value = length(local.list)
}

output "object" {
  value = local.object
}

output "name" {
  value = local.object.name
}

output "joined" {
  value = join(",", local.list)
}

output "tolist" {
  value = tolist(local.list)
}

output "one" {
  value = one([terraform_data.one.id])
}

output "equal" {
  value = terraform_data.one.id == null
}

output "string" {
  value = tostring(terraform_data.one.id)
}

output "coalesce" {
  value = coalesce(terraform_data.one.id, "x")
}

output "merge" {
  value = merge({ a = 1 }, { b = terraform_data.one.id })
}

output "contains" {
  value = contains(["b", terraform_data.one.id], "b")
}

output "keys" {
  value = keys(local.object)
}

output "template" {
  value = "${terraform_data.one.id}-x"
}

output "lookup" {
  value = lookup(local.object, "name", "none")
}

output "jsonencode" {
  value = jsonencode(local.object)
}
