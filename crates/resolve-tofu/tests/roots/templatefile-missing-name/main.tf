output "rendered" {
  value = templatefile("${path.module}/unit.tftpl", {})
}
