resource "terraform_data" "source" {
  input = "a"
}

resource "terraform_data" "sink" {
  for_each = { a = terraform_data.source.id, b = "known" }
  input    = each.value
}

output "sinks" {
  value = { for key, sink in terraform_data.sink : key => sink.input }
}
