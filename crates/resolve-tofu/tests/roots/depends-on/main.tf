resource "terraform_data" "first" {
}

resource "terraform_data" "second" {
  input      = "b"
  depends_on = [terraform_data.first]
}

module "third" {
  source     = "./third"
  depends_on = [terraform_data.second]
}

output "third" {
  value = module.third.name
}
