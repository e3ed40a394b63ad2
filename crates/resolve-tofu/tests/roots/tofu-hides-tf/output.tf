output "from" {
  value = local.from
}
