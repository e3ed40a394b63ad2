output "broken" {
  value = { for name in ["a", "b"] : "same" => name }
}
