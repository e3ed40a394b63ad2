module "both" {
  source = "./both"
  second = module.both.first
}

output "second" {
  value = module.both.second
}
