variable "secret" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

variable "ports" {
  type    = map(number)
  default = { http = 80, https = 443 }
}

variable "typed" {
  type    = list(object({ name = string, size = optional(number, 1) }))
  default = [{ name = "a" }, { name = "b", size = 2 }]
}

locals {
  text    = "abc"
  number  = 5
  nothing = null
  list    = ["a", "b", "c"]
  mixed   = [1, "two", true, null]
  object  = { name = "x", port = 80, nested = { deep = [1, 2] } }
  set     = toset(["b", "a"])
  map     = tomap({ one = 1, two = 2 })
  users = {
    alex = { groups = ["family", "admins"], age = 40 }
    kim  = { groups = ["family"], age = 12 }
  }
  template = "hello $${name}"
}

resource "terraform_data" "one" {
  input = { name = "n", list = ["x", "y"] }
}

resource "terraform_data" "each" {
  for_each = { a = 1, b = 2 }
  input    = each.value
}

resource "terraform_data" "count" {
  count = 2
  input = "node-${count.index}"
}
