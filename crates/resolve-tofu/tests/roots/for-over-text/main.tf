output "broken" {
  value = [for letter in "abc" : letter]
}
