module "inner" {
  source = "./inner"
  strict = null
  loose  = null
}

output "inner" {
  value = module.inner.all
}
