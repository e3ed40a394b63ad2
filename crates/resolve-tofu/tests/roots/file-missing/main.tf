output "broken" {
  value = file("${path.module}/absent.txt")
}
