//! Two roots that keep their state in one place.

use std::collections::BTreeMap;

use diagnostic::Span;
use resolve_tofu::Module;

use crate::tofu::{State, reads};
use crate::{Findings, Repo};

crate::rule! {
    /// Two roots keep their state in the same place: in one schema of one database, under one key of one bucket.
    ///
    /// ## Why
    /// A backend keeps one state for each workspace, and every root is in the workspace `default` unless told
    /// otherwise. Two roots with one `schema_name` ([`pg`](https://opentofu.org/docs/language/settings/backends/pg/)),
    /// or one `key` in a bucket ([`s3`](https://opentofu.org/docs/language/settings/backends/s3/)), therefore share one
    /// state: the apply of one plans to destroy all that the other has made. The same holds for `azurerm`, `consul`,
    /// `gcs`, `http`, `kubernetes` and `local`.
    ///
    /// ## Fix
    /// Give each root a place of its own: a `schema_name`, which is `terraform_remote_state` where it is not written,
    /// a `key`, a `prefix`. Move a state that exists with `tofu init -migrate-state`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/authentik/main.tf
    /// terraform {
    ///   backend "pg" {
    /// # ^^^^^^^^^^^^ related: this root keeps its state there too
    ///     conn_str = "postgres://nas.example.org/tofu"
    ///   }
    /// }
    /// #- tofu/dns/main.tf
    /// terraform {
    ///   backend "pg" {
    /// # ^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/authentik` and `tofu/dns` share one state, in the schema `terraform_remote_state`
    ///     conn_str = "postgres://nas.example.org/tofu"
    ///   }
    /// }
    /// ```
    ///
    /// Each in a schema of its own:
    /// ```text
    /// #- tofu/authentik/main.tf
    /// terraform {
    ///   backend "pg" {
    ///     conn_str    = "postgres://nas.example.org/tofu"
    ///     schema_name = "authentik"
    ///   }
    /// }
    /// #- tofu/dns/main.tf
    /// terraform {
    ///   backend "pg" {
    ///     conn_str    = "postgres://nas.example.org/tofu"
    ///     schema_name = "dns"
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When each root is always run in a workspace of its own.
    "shared-state-schema", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut by_place: BTreeMap<(&str, Vec<String>), (&str, Span)> = BTreeMap::new();
    for module in repo.tofu.roots.iter().map(|root| root.resolved.module) {
        let Some(state) = State::of(module, repo.files) else { continue };
        if state.has_workspaces() && asks_for_workspace(repo, module) {
            continue;
        }
        let folder = module.folder.as_str();
        let (first, first_place) = *by_place.entry((state.backend, state.place)).or_insert((folder, state.span));
        if first == folder {
            continue;
        }
        let (own, text) = (state.own, state.text);
        let within = match state.backend {
            "pg" => format!("in the schema `{text}`"),
            _ if text.is_empty() => format!("without a `{own}`"),
            _ => format!("at the {own} `{text}`"),
        };
        let message = format!("the roots `{first}` and `{folder}` share one state, {within}");
        let finding = findings.report(state.span, message).related(first_place, "this root keeps its state there too");
        let (name, (before, behind)) = (folder.rsplit('/').next().unwrap_or(folder), state.around);
        let value = format!("{before}{name}{behind}");
        finding.help(format!("write `{own} = \"{value}\"`, and run `tofu init -migrate-state` if it has a state"));
    }
}

/// Whether the module asks which workspace it is in, or may.
fn asks_for_workspace(repo: &Repo<'_>, module: &Module) -> bool {
    let is_asked = |names: &[String]| match names {
        [of, name, ..] => (of == "terraform" || of == "tofu") && name == "workspace",
        _ => false,
    };
    reads(repo.files, module).is_none_or(|reads| reads.iter().any(|read| is_asked(&read.names)))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_schema_that_is_written_is_shown() {
        check_rule(
            "shared-state-schema",
            r#"
#- tofu/authentik/main.tf
terraform {
  backend "pg" {
    conn_str    = "postgres://nas.example.org/tofu"
    schema_name = "home"
#                 ^^^^^^ related: this root keeps its state there too
  }
}
#- tofu/dns/main.tf
terraform {
  backend "pg" {
    conn_str    = "postgres://nas.example.org/tofu?sslmode=require"
    schema_name = "home"
#                 ^^^^^^ error[shared-state-schema]: the roots `tofu/authentik` and `tofu/dns` share one state, in the schema `home`
# help: write `schema_name = "dns"`, and run `tofu init -migrate-state` if it has a state
  }
}
"#,
        );
    }

    #[test]
    fn the_files_that_init_is_given_are_read() {
        check_rule(
            "shared-state-schema",
            r#"
#- tofu/authentik/main.tf
terraform {
  backend "pg" {}
}
#- tofu/authentik/backend.pg.tfbackend
conn_str    = "postgres://nas.example.org/tofu"
schema_name = "home"
#             ^^^^^^ related: this root keeps its state there too
#- tofu/dns/main.tf
terraform {
  backend "pg" { schema_name = "other" }
}
#- tofu/dns/backend.pg.tfbackend
conn_str    = "postgres://nas.example.org/tofu"
schema_name = "home"
#             ^^^^^^ error[shared-state-schema]: the roots `tofu/authentik` and `tofu/dns` share one state, in the schema `home`
#- tofu/chosen/main.tf
terraform {
  backend "pg" {}
}
#- tofu/chosen/one.tfbackend
conn_str    = "postgres://nas.example.org/tofu"
schema_name = "home"
#- tofu/chosen/two.tfbackend
conn_str    = "postgres://nas.example.org/other"
schema_name = "home"
"#,
        );
    }

    #[test]
    fn an_unknown_database_another_database_and_workspaces_are_left_alone() {
        check_rule(
            "shared-state-schema",
            r#"
#- tofu/one/main.tf
terraform {
  backend "pg" {}
}
#- tofu/two/main.tf
terraform {
  backend "pg" {}
}
#- tofu/three/main.tf
terraform {
  backend "pg" { schema_name = "home" }
}
#- tofu/four/main.tf
terraform {
  backend "pg" { schema_name = "home" }
}
#- tofu/five/main.tf
terraform {
  backend "pg" { conn_str = "postgres://nas.example.org/five" }
}
#- tofu/six/main.tf
terraform {
  backend "pg" { conn_str = "postgres://nas.example.org/six" }
}
#- tofu/seven/main.tf
terraform {
  backend "pg" { conn_str = "postgres://nas.example.org/six" }
}
output "workspace" { value = "in ${terraform.workspace}" }
#- tofu/eight/main.tf
variable "schema" { type = string }
terraform {
  backend "pg" {
    conn_str    = "postgres://nas.example.org/six"
    schema_name = var.schema
  }
}
"#,
        );
    }

    #[test]
    fn every_backend_has_its_place() {
        check_rule(
            "shared-state-schema",
            r#"
#- tofu/azure/one/main.tf
terraform {
  backend "azurerm" {
    storage_account_name = "home"
    container_name       = "tofu"
    key                  = "home.tfstate"
#                          ^^^^^^^^^^^^^^ related: this root keeps its state there too
  }
}
#- tofu/azure/two/main.tf
terraform {
  backend "azurerm" {
    resource_group_name  = "other"
    storage_account_name = "home"
    container_name       = "tofu"
    key                  = "home.tfstate"
#                          ^^^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/azure/one` and `tofu/azure/two` share one state, at the key `home.tfstate`
# help: write `key = "two.tfstate"`, and run `tofu init -migrate-state` if it has a state
  }
}
#- tofu/consul/one/main.tf
terraform {
  backend "consul" { path = "tofu/home" }
#                           ^^^^^^^^^^^ related: this root keeps its state there too
}
#- tofu/consul/two/main.tf
terraform {
  backend "consul" { path = "tofu/home" }
#                           ^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/consul/one` and `tofu/consul/two` share one state, at the path `tofu/home`
}
#- tofu/gcs/one/main.tf
terraform {
  backend "gcs" { bucket = "state.example.org" }
# ^^^^^^^^^^^^^ related: this root keeps its state there too
}
#- tofu/gcs/two/main.tf
terraform {
  backend "gcs" { bucket = "state.example.org" }
# ^^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/gcs/one` and `tofu/gcs/two` share one state, without a `prefix`
# help: write `prefix = "two"`, and run `tofu init -migrate-state` if it has a state
}
#- tofu/http/one/main.tf
terraform {
  backend "http" { address = "https://git.example.org/state/home" }
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: this root keeps its state there too
}
#- tofu/http/two/main.tf
terraform {
  backend "http" { address = "https://git.example.org/state/home" }
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/http/one` and `tofu/http/two` share one state, at the address `https://git.example.org/state/home`
}
output "workspace" { value = terraform.workspace }
#- tofu/kubernetes/one/main.tf
terraform {
  backend "kubernetes" { secret_suffix = "home" }
#                                        ^^^^^^ related: this root keeps its state there too
}
#- tofu/kubernetes/two/main.tf
terraform {
  backend "kubernetes" {
    secret_suffix = "home"
#                   ^^^^^^ error[shared-state-schema]: the roots `tofu/kubernetes/one` and `tofu/kubernetes/two` share one state, at the secret_suffix `home`
    namespace     = "default"
  }
}
#- tofu/local/one/main.tf
terraform {
  backend "local" { path = "../home.tfstate" }
#                          ^^^^^^^^^^^^^^^^^ related: this root keeps its state there too
}
#- tofu/local/two/main.tf
terraform {
  backend "local" { path = "./../home.tfstate" }
#                          ^^^^^^^^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/local/one` and `tofu/local/two` share one state, at the path `./../home.tfstate`
}
#- tofu/s3/one/main.tf
terraform {
  backend "s3" {
    bucket    = "state"
    key       = "home.tfstate"
#               ^^^^^^^^^^^^^^ related: this root keeps its state there too
    endpoints = { s3 = "https://s3.example.org/" }
  }
}
#- tofu/s3/two/main.tf
terraform {
  backend "s3" {
    bucket    = "state"
    key       = "home.tfstate"
#               ^^^^^^^^^^^^^^ error[shared-state-schema]: the roots `tofu/s3/one` and `tofu/s3/two` share one state, at the key `home.tfstate`
# help: write `key = "two/terraform.tfstate"`, and run `tofu init -migrate-state` if it has a state
    endpoints = { "s3" = "https://s3.example.org" }
  }
}
"#,
        );
    }

    #[test]
    fn other_and_unknown_places_are_left_alone() {
        check_rule(
            "shared-state-schema",
            r#"
#- tofu/azure/one/main.tf
terraform {
  backend "azurerm" { key = "home.tfstate" }
}
#- tofu/azure/two/main.tf
terraform {
  backend "azurerm" { key = "home.tfstate" }
}
#- tofu/kubernetes/one/main.tf
terraform {
  backend "kubernetes" { secret_suffix = "home" }
}
#- tofu/kubernetes/two/main.tf
terraform {
  backend "kubernetes" {
    secret_suffix  = "home"
    config_context = "other"
  }
}
#- tofu/local/one/main.tf
terraform {
  backend "local" {}
}
#- tofu/local/two/main.tf
terraform {
  backend "local" { path = "terraform.tfstate" }
}
#- tofu/remote/one/main.tf
terraform {
  backend "remote" { organization = "home" }
}
#- tofu/remote/two/main.tf
terraform {
  backend "remote" { organization = "home" }
}
#- tofu/s3/one/main.tf
variable "endpoint" { type = string }
terraform {
  backend "s3" {
    bucket    = "state"
    key       = "home.tfstate"
    endpoints = { s3 = var.endpoint }
  }
}
#- tofu/s3/two/main.tf
terraform {
  backend "s3" {
    bucket    = "state"
    key       = "home.tfstate"
    endpoints = { s3 = "https://s3.example.org" }
  }
}
#- tofu/s3/three/main.tf
terraform {
  backend "s3" {
    bucket = "state"
    key    = "home.tfstate"
  }
}
#- tofu/s3/four/main.tf
terraform {
  backend "s3" {
    bucket = "state"
    key    = "home.tfstate"
  }
}
output "workspace" { value = "in ${terraform.workspace}" }
"#,
        );
    }
}
