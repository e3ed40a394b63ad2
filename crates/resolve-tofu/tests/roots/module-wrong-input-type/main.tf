module "inner" {
  source = "./inner"
  port   = "http"
}
