variable "level" {
  type    = string
  default = "loud"

  validation {
    condition     = contains(["debug", "info"], var.level)
    error_message = "The level is debug or info, not ${var.level}."
  }
}

output "level" {
  value = var.level
}
