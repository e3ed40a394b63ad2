locals {
  apps = {
    grafana  = "https://grafana.example.org"
    jellyfin = "https://jellyfin.example.org"
  }
}

module "app" {
  source   = "./modules/app"
  for_each = local.apps
  name     = each.key
  url      = each.value
}

output "urls" {
  value = { for name, app in module.app : name => app.url }
}

output "ids" {
  value = module.app["grafana"].id
}

output "hosts" {
  value = values(module.app)[*].host
}
