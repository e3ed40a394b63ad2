module "off" {
  source = "./node"

  lifecycle {
    enabled = false
  }
}

module "on" {
  source = "./node"

  lifecycle {
    enabled = true
  }
}

output "on" {
  value = module.on.name
}

output "off" {
  value = try(module.off.name, "absent")
}
