//! Blocks of a provider that was imported, and what is said of them.

use super::*;
use crate::tests::check_with_packages;

/// What `tofu providers schema -json` says of a provider that never was.
fn package() -> Package {
    let schemas = serde_json::json!({ "format_version": "1.0", "provider_schemas": {
        "registry.opentofu.org/example/rack": { "resource_schemas": { "rack_server": { "block": {
            "attributes": {
                "name": { "type": "string", "required": true },
                "size": { "type": "number", "optional": true },
                "colour": { "type": "string", "optional": true, "deprecated": true },
                "address": { "type": "string", "computed": true },
                "id": { "type": "string", "optional": true, "computed": true },
                "rules": { "type": ["list", ["object", { "port": "number" }]], "optional": true } },
            "block_types": {
                "disk": { "nesting_mode": "list", "min_items": 1, "block": {
                    "attributes": { "gigabytes": { "type": "number", "required": true } },
                    "block_types": { "raid": { "nesting_mode": "single", "block": {
                        "attributes": { "level": { "type": "number", "optional": true } } } } } } },
                "timeouts": { "nesting_mode": "single", "block": {
                    "attributes": { "create": { "type": "string", "optional": true } } } } } } } },
            "data_source_schemas": { "rack_room": { "block": {
                "attributes": { "name": { "type": "string", "required": true } } } } } } } });
    let text =
        schema::package::import(&schemas, "registry.opentofu.org/example/rack", &"1.2.0".parse().expect("a version"));
    Package::read(text).expect("it is ours").expect("it is whole")
}

const HEAD: &str = r#"
#- .terraform.lock.hcl
provider "registry.opentofu.org/example/rack" {
  version = "1.2.0"
}
#- main.tf
terraform {
  required_providers {
    rack = {
      source = "example/rack"
    }
  }
}
"#;

#[track_caller]
fn check(text: &str) {
    check_with_packages(&format!("{HEAD}{text}"), &[package()]);
}

#[test]
fn types_arguments_and_blocks_that_there_are_not_are_told() {
    check(
        r#"
resource "rack_servr" "a" {
#        ^^^^^^^^^^^^ error[unknown-provider-type]: example/rack 1.2.0 has no resource type `rack_servr`, did you mean `rack_server`?
}
resource "rack_server" "b" {
  name    = "b"
  sise    = 1
# ^^^^ error[unknown-provider-argument]: `rack_server` has no argument `sise` in example/rack 1.2.0, did you mean `size`?
  address = "192.0.2.1"
# ^^^^^^^ error[unknown-provider-argument]: `address` of `rack_server` can only be read
  colour  = "red"
# ^^^^^^ warning[deprecated-provider-argument]: `colour` of `rack_server` is deprecated in example/rack 1.2.0
  disk {
# ^^^^ error[missing-provider-argument]: `disk` in `rack_server` requires `gigabytes`, by example/rack 1.2.0
    gigabyts = 1
#   ^^^^^^^^ error[unknown-provider-argument]: `disk` in `rack_server` has no argument `gigabyts` in example/rack 1.2.0, did you mean `gigabytes`?
    raid {
      levle = 1
#     ^^^^^ error[unknown-provider-argument]: `raid` in `disk` in `rack_server` has no argument `levle` in example/rack 1.2.0, did you mean `level`?
    }
  }
  size {
# ^^^^ error[unknown-provider-argument]: `size` is an argument, and is written as a block
  }
  timeouts = {}
# ^^^^^^^^ error[unknown-provider-argument]: `timeouts` is a block, and is written as an argument
}
"#,
    );
}

#[test]
fn what_is_required_and_not_written_is_told() {
    check(
        r#"
resource "rack_server" "a" {
#        ^^^^^^^^^^^^^ error[missing-provider-argument]: `rack_server` requires `name`, by example/rack 1.2.0
#        ^^^^^^^^^^^^^ error[missing-provider-argument]: `rack_server` requires `disk`, by example/rack 1.2.0
}
data "rack_room" "a" {
#    ^^^^^^^^^^^ error[missing-provider-argument]: `rack_room` requires `name`, by example/rack 1.2.0
}
"#,
    );
}

#[test]
fn what_the_provider_takes_is_left_alone() {
    check(
        r#"
variable "disks" {
  type = list(number)
}
resource "rack_server" "a" {
  count    = 2
  provider = rack
  name     = "a"
  id       = "x"
  rules {
    port = 1
  }
  dynamic "disk" {
    for_each = var.disks
    content {
      gigabytes = disk.value
      raid {
        level = 5
      }
    }
  }
  timeouts {
    create = "5m"
  }
  lifecycle {
    prevent_destroy = true
  }
}
"#,
    );
}

#[test]
fn another_version_another_provider_and_a_root_without_a_lock_are_left_alone() {
    let wrong = "resource \"rack_server\" \"a\" {\n  nothing = 1\n}\n";
    let head = HEAD.replace("\"1.2.0\"", "\"1.3.0\"");
    check_with_packages(&format!("{head}{wrong}"), &[package()]);
    let head = HEAD.replace("source = \"example/rack\"", "source = \"elsewhere/rack\"");
    check_with_packages(&format!("{head}{wrong}"), &[package()]);
    check_with_packages(&format!("#- main.tf\n{wrong}"), &[package()]);
}

#[test]
fn addresses_are_compared_as_opentofu_reads_them() {
    for (one, other, same) in [
        ("random", "registry.opentofu.org/hashicorp/random", true),
        ("Hashicorp/Random", "registry.terraform.io/hashicorp/random", true),
        ("git.example.org/hashicorp/random", "hashicorp/random", false),
        ("example/random", "hashicorp/random", false),
    ] {
        assert_eq!(is_same(one, other), same, "{one} {other}");
    }
}
