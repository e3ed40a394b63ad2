resource "terraform_data" "on" {
  input = "on"

  lifecycle {
    enabled = true
  }
}

resource "terraform_data" "off" {
  input = "off"

  lifecycle {
    enabled = false
  }
}

output "on" {
  value = terraform_data.on.input
}

output "off" {
  value = try(terraform_data.off.input, "absent")
}

output "off_is_null" {
  value = terraform_data.off == null
}
