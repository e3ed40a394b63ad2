variable "second" {
  type = string
}

output "first" {
  value = "first"
}

output "second" {
  value = "${var.second} again"
}
