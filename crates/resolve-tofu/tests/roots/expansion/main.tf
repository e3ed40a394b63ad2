locals {
  numbers = [3, 9, 4]
  words   = toset(["b", "a"])
}

output "all" {
  value = [max(local.numbers...), min(local.numbers...), concat([["x"], ["y"]]...), join("-", local.words)]
}
