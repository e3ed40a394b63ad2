locals {
  apps = {
    grafana  = { port = 3000 }
    jellyfin = { port = 8096 }
  }
}

resource "terraform_data" "app" {
  for_each = local.apps
  input    = "${each.key}:${each.value.port}"
}

output "inputs" {
  value = { for name, app in terraform_data.app : name => app.input }
}

output "ids" {
  value = { for name, app in terraform_data.app : name => app.id }
}

output "one" {
  value = terraform_data.app["grafana"].input
}
