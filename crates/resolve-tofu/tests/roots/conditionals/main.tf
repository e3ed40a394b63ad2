resource "terraform_data" "one" {
}

locals {
  known   = true ? "yes" : "no"
  mixed   = false ? 1 : "one"
  unknown = terraform_data.one.id == "x" ? "a" : "b"
  nulls   = true ? null : "text"
  objects = true ? { a = 1 } : { a = 2, b = 3 }
  lists   = true ? [1, "a"] : [2, "b"]
  failing = terraform_data.one.id == "x" ? upper({ a = 1 }) : "b"
  short   = true || terraform_data.one.id == "x"
}

output "all" {
  value = [local.known, local.mixed, local.unknown, local.nulls, local.lists, local.short, local.failing]
}
