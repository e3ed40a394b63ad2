locals {
  defaults = { size = 1, labels = { a = "1" } }
  apps     = { x = { size = 2 }, y = {} }
  merged   = { for name, app in local.apps : name => merge(local.defaults, app) }
  lookup   = lookup(local.defaults, "color", "none")
  joined   = join(",", sort(concat(["b"], ["a"], [])))
  zipped   = zipmap(["a", "b"], [1, 2])
  index    = index(["a", "b"], "b")
  element  = element(["a", "b", "c"], 4)
  coalesce = coalesce("", null, "x")
  compact  = compact(["a", "", null, "b"])
  distinct = distinct([1, 2, 1])
  setprod  = setproduct(["a", "b"], [1, 2])
  format   = format("%s-%03d", "a", 7)
  regex    = regex("(\\d+)-(\\d+)", "12-34")
}

output "all" {
  value = [
    local.merged, local.lookup, local.joined, local.zipped, local.index, local.element,
    local.coalesce, local.compact, local.distinct, local.setprod, local.format, local.regex,
  ]
}
