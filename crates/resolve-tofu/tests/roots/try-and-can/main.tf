locals {
  app = { name = "a" }
}

resource "terraform_data" "one" {
}

output "all" {
  value = [
    try(local.app.port, 80),
    try(local.app.name, "none"),
    can(local.app.port),
    can(local.app.name),
    try(tonumber("x"), tonumber("y"), 3),
    can(tonumber("x")),
    try(terraform_data.one.id, "never"),
    can(terraform_data.one.id),
    try(jsondecode("{"), null),
  ]
}
