locals {
  users = {
    alex = { groups = ["family", "admins"], age = 40 }
    kim  = { groups = ["family"], age = 12 }
    sam  = { groups = [], age = 9 }
  }
  memberships = flatten([for name, user in local.users : [for group in user.groups : { user = name, group = group }]])
  by_group    = { for membership in local.memberships : membership.group => membership.user... }
  adults      = [for name, user in local.users : upper(name) if user.age >= 18]
  indexed     = { for index, name in ["a", "b"] : name => index }
  of_set      = [for name in toset(["z", "y"]) : name]
  empty       = { for name in [] : name => name }
}

output "all" {
  value = [local.memberships, local.by_group, local.adults, local.indexed, local.of_set, local.empty]
}
