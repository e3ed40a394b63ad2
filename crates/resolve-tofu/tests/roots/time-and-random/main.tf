output "stamp" {
  value = timestamp()
}

output "uuid" {
  value = uuid()
}

output "planned" {
  value = length(plantimestamp()) > 0
}
