output "broken" {
  value = 1 + "one"
}
