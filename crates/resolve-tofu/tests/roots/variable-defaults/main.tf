variable "port" {
  type    = number
  default = "8080"
}

variable "names" {
  type    = list(string)
  default = ["a", 1, true]
}

variable "flags" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "labels" {
  type    = map(number)
  default = { one = "1", two = 2 }
}

variable "pair" {
  type    = tuple([string, bool])
  default = [1, "true"]
}

variable "anything" {
  default = { a = [1, "b"] }
}

output "all" {
  value = [var.port, var.names, var.flags, var.labels, var.pair, var.anything]
}
