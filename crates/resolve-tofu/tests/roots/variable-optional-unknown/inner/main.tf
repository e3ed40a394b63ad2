variable "groups" {
  type = list(object({
    name   = optional(string)
    parent = optional(string, "family")
  }))
}

variable "icons" {
  type = map(object({
    path  = string
    width = optional(number)
  }))
}
