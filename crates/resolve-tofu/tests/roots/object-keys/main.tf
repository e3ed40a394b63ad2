locals {
  name = "dynamic"
}

output "all" {
  value = {
    plain          = 1
    "quoted"       = 2
    (local.name)   = 3
    "x-${local.name}" = 4
    1              = 5
    true           = 6
  }
}
