module "inner" {
  source = "./inner"
}

output "broken" {
  value = module.inner.nmae
}
