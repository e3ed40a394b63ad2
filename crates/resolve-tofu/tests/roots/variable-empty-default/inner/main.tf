variable "token" {
  type = string

  validation {
    condition     = var.token != ""
    error_message = "A token is needed."
  }
}
