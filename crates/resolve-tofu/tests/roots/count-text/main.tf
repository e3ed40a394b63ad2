resource "terraform_data" "node" {
  count = "2"
  input = count.index
}

resource "terraform_data" "flag" {
  count = true ? 1 : 0
}
