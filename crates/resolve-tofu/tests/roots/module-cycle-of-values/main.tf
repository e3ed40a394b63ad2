module "a" {
  source = "./pass"
  value  = module.b.value
}

module "b" {
  source = "./pass"
  value  = module.a.value
}
