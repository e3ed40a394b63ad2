variable "strict" {
  type     = string
  default  = "default"
  nullable = false
}

variable "loose" {
  type    = string
  default = "default"
}

output "all" {
  value = [var.strict, var.loose]
}
