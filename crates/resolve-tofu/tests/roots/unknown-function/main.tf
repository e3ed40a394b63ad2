output "broken" {
  value = uper("a")
}
