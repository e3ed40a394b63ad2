output "broken" {
  value = length(5)
}
