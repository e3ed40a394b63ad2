variable "level" {
  type    = string
  default = "info"

  validation {
    condition     = contains(["debug", "info"], var.level)
    error_message = "The level is debug or info."
  }
}

output "level" {
  value = var.level
}
