//! Two roots that keep their state in one place.

use std::collections::BTreeMap;

use diagnostic::Span;
use resolve_tofu::{Backend, Module};
use syntax::hcl::{Body, Item, Kind};

use crate::tofu::reads;
use crate::{Content, File, Findings, Kind as FileKind, Repo};

crate::rule! {
    /// Two roots keep their state in the same schema of the same database.
    ///
    /// ## Why
    /// The backend `pg` keeps one row for each workspace, and every root is in the workspace `default` unless told
    /// otherwise. Two roots with one `schema_name` therefore share one state: the apply of one plans to destroy all
    /// that the other has made ([backend `pg`](https://opentofu.org/docs/language/settings/backends/pg/)).
    ///
    /// ## Fix
    /// Give each root a `schema_name` of its own; without one it is `terraform_remote_state`. Move a state that exists
    /// with `tofu init -migrate-state`.
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
    let mut by_row: BTreeMap<Row, (&str, Span)> = BTreeMap::new();
    for module in repo.tofu.roots.iter().map(|root| root.resolved.module) {
        let Some(backend) = module.backend.as_ref().filter(|_| !has_workspaces(repo, module)) else { continue };
        let Some((row, place)) = row(repo, module, backend) else { continue };
        let schema = row.schema.clone();
        let folder = module.folder.as_str();
        let (first, first_place) = *by_row.entry(row).or_insert((folder, place));
        if first == folder {
            continue;
        }
        let message = format!("the roots `{first}` and `{folder}` share one state, in the schema `{schema}`");
        let finding = findings.report(place, message).related(first_place, "this root keeps its state there too");
        let name = folder.rsplit('/').next().unwrap_or(folder);
        finding.help(format!("write `schema_name = \"{name}\"`, and run `tofu init -migrate-state` if it has a state"));
    }
}

/// Where the backend `pg` keeps a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    /// The connection, without who connects and how.
    database: String,
    schema: String,
    table: String,
}

/// The row of a backend of which all is written out, and what names it: the schema, or the backend.
fn row(repo: &Repo<'_>, module: &Module, backend: &Backend) -> Option<(Row, Span)> {
    if backend.kind.value != "pg" {
        return None;
    }
    let bodies = [given_to_init(repo, module)?, Some(&backend.body)];
    // `Some(None)` is an argument that is not written, `None` one that is not known.
    let argument = |name: &str| {
        let found = bodies.into_iter().flatten().flat_map(|body| &body.items).find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name.value == name => Some(&attribute.value),
            _ => None,
        });
        match found.map(|value| (&value.kind, value.span)) {
            None => Some(None),
            Some((Kind::Text(text), span)) => Some(Some((text.clone(), span))),
            Some(_) => None,
        }
    };
    let (connection, _) = argument("conn_str")??;
    let (schema, place) = argument("schema_name")?.unwrap_or(("terraform_remote_state".to_owned(), backend.header));
    let table = argument("table_name")?.map_or("states".to_owned(), |(table, _)| table);
    Some((Row { database: database(&connection), schema, table }, place))
}

/// The file beside the module that `init` is given, if there is one; `None` where there are several to choose from.
fn given_to_init<'r>(repo: &'r Repo<'_>, module: &Module) -> Option<Option<&'r Body>> {
    let is_here = |file: &&File| file.path.parent().is_some_and(|folder| folder == module.folder.as_str());
    let mut files = repo.files.of(FileKind::Tfbackend).filter(is_here);
    match (files.next().map(|file| &file.content), files.next()) {
        (None, _) => Some(None),
        (Some(Content::Hcl(parsed)), None) => Some(Some(&parsed.body)),
        _ => None,
    }
}

/// A connection without the user, the password and the options of an address.
fn database(connection: &str) -> String {
    let Some((_, address)) = connection.split_once("://") else { return connection.to_owned() };
    let address = address.split('?').next().unwrap_or_default();
    let start = address[..address.find('/').unwrap_or(address.len())].rfind('@').map_or(0, |at| at + 1);
    address[start..].replacen(":5432/", "/", 1).to_lowercase()
}

/// Whether the module asks which workspace it is in, or may.
fn has_workspaces(repo: &Repo<'_>, module: &Module) -> bool {
    let is_asked = |names: &[String]| match names {
        [of, name, ..] => (of == "terraform" || of == "tofu") && name == "workspace",
        _ => false,
    };
    reads(repo.files, module).is_none_or(|reads| reads.iter().any(|read| is_asked(&read.names)))
}

#[cfg(test)]
mod tests {
    use super::database;
    use crate::tests::check_rule;

    #[test]
    fn one_database_has_several_addresses() {
        let one = database("postgres://nas.example.org/tofu");
        for other in
            ["postgresql://tofu@NAS.example.org:5432/tofu", "postgres://a:b@nas.example.org/tofu?sslmode=require"]
        {
            assert_eq!(database(other), one, "{other}");
        }
        assert_ne!(database("postgres://nas.example.org/other"), one);
    }

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
}
