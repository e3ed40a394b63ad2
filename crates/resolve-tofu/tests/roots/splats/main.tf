locals {
  apps = [{ name = "a", urls = ["x", "y"] }, { name = "b", urls = [] }]
  one  = { name = "c" }
  none = null
}

output "all" {
  value = [
    local.apps[*].name,
    local.apps.*.name,
    local.apps[*].urls[0 + 0 == 1 ? 0 : 0],
    local.one[*].name,
    local.none[*],
    local.none[*].name,
    flatten(local.apps[*].urls),
    local.apps.*.urls[0],
  ]
}
