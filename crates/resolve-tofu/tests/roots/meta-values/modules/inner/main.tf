output "path" {
  value = [path.module, path.root, file("${path.module}/text.txt"), terraform.workspace]
}
