output "all" {
  value = [
    file("${path.module}/policies/allow.py"),
    filebase64("policies/allow.py"),
    filesha256("policies/allow.py"),
    filemd5("policies/allow.py"),
    fileexists("policies/allow.py"),
    fileexists("policies/deny.py"),
    fileset("policies", "*.py"),
    fileset(path.module, "**/*.{py,txt}"),
    jsondecode(file("settings.json")).name,
    yamldecode(file("settings.yaml")).apps[0],
  ]
}
