locals {
  from = "main.tf"
}
