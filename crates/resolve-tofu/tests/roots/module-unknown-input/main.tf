module "inner" {
  source = "./inner"
  nmae   = "a"
}
