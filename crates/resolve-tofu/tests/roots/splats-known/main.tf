locals {
  apps = [{ name = "a", urls = ["x", "y"] }, { name = "b", urls = [] }]
  one  = { name = "c" }
  none = null
  set  = toset(["p", "q"])
}

output "all" {
  value = [
    local.apps[*].name,
    local.apps.*.name,
    local.one[*].name,
    local.none[*],
    local.none[*].name,
    flatten(local.apps[*].urls),
    local.apps.*.urls[0],
    local.set[*],
    [[1, 2], [3]][*][0],
  ]
}
