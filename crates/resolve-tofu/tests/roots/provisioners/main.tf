resource "terraform_data" "this" {
  input = "a"

  provisioner "local-exec" {
    command = "echo ${self.input}"
    when    = create
  }

  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo ${self.output}"
  }
}
