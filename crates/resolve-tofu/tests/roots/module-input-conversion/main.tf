module "inner" {
  source = "./inner"
  ports  = ["80", 443]
  app    = { name = "a", extra = true }
}

output "inner" {
  value = module.inner.all
}
