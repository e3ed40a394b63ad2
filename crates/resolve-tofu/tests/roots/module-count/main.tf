module "node" {
  source = "./node"
  count  = 2
  name   = "node-${count.index}"
}

module "off" {
  source = "./node"
  count  = 0
  name   = "off"
}

output "names" {
  value = module.node[*].name
}

output "second" {
  value = module.node[1].name
}

output "off" {
  value = one(module.off[*].name)
}
