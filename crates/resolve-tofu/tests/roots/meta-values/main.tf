module "inner" {
  source = "./modules/inner"
}

output "all" {
  value = [path.module, path.root, terraform.workspace, module.inner.path]
}
