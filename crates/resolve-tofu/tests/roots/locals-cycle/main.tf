locals {
  first  = local.second
  second = upper(local.third)
  third  = "${local.first}!"
}

output "first" {
  value = local.first
}
