locals {
  names = ["a", "b", "c"]
  text  = <<-EOT
    server {
      %{ for index, name in local.names ~}
      ${index}: ${name}%{ if index < 2 },%{ else };%{ endif }
      %{ endfor ~}
    }
  EOT
  flat  = "%{ for name in local.names }${name} %{ endfor }"
  plain = <<EOT
$${escaped} %%{escaped} "quotes" \n
EOT
  number = "${1 + 1}"
  kept   = "${[1, 2]}"
  mixed  = "n=${1.50} b=${true}"
}

output "all" {
  value = [local.text, local.flat, local.plain, local.number, local.kept, local.mixed]
}
