resource "terraform_data" "app" {
  for_each = { grafana = 1 }
  input    = each.value
}

output "missing" {
  value = terraform_data.app["gitea"].input
}
