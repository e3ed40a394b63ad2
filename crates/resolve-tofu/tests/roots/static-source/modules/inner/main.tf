output "name" {
  value = "inner"
}
