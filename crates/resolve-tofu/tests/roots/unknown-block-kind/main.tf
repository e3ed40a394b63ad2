resuorce "terraform_data" "this" {
}
