variable "apps" {
  type = map(object({
    url      = string
    port     = optional(number, 443)
    groups   = optional(list(string), ["family"])
    icon     = optional(string)
    settings = optional(object({ debug = optional(bool, false), level = optional(string, "info") }), {})
  }))
  default = {
    grafana  = { url = "https://grafana.example.org" }
    jellyfin = { url = "https://jellyfin.example.org", port = "8096", groups = [], settings = { debug = true } }
    gitea    = { url = "https://gitea.example.org", port = null, groups = null, icon = "gitea.svg", ignored = 1 }
  }
}

output "apps" {
  value = var.apps
}
