//! A password of the state's backend, in git.

use syntax::hcl::{Item, Kind};

use crate::tofu::secret::{is_elsewhere, is_placeholder, password_of};
use crate::{Content, Findings, Kind as FileKind, Repo};

/// The arguments of backends that are secrets, whichever backend it is.
const SECRETS: [&str; 8] = [
    "access_token",
    "client_secret",
    "password",
    "sas_token",
    "secret_id",
    "secret_key",
    "storage_access_key",
    "token",
];

crate::rule! {
    /// The backend is configured with a password that is committed.
    ///
    /// ## Why
    /// Whoever reads the repository can read the state, and all passwords and keys in it; and what is written in
    /// `backend` is copied in plain text to `.terraform` and to plan files
    /// ([Credentials and sensitive data](https://opentofu.org/docs/language/settings/backends/configuration/#credentials-and-sensitive-data)).
    ///
    /// ## Fix
    /// Write the address without the password, and give it in the environment: `PGUSER` and `PGPASSWORD`, or
    /// `AWS_SECRET_ACCESS_KEY`. Change the password: git remembers it.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   backend "pg" {
    ///     conn_str = "postgres://tofu:hunter2@nas.example.org/tofu"
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[credentials-in-backend]: `conn_str` holds the password of the state's database
    ///   }
    /// }
    /// ```
    ///
    /// With the password in the environment:
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   backend "pg" {
    ///     conn_str = "postgres://nas.example.org/tofu?sslmode=require"
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the password is known to all, as in an example that starts its own database.
    "credentials-in-backend", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let backends = repo.tofu.modules.iter().filter_map(|module| module.backend.as_ref()).map(|backend| &backend.body);
    let files = repo.files.of(FileKind::Tfbackend).filter_map(|file| match &file.content {
        Content::Hcl(parsed) => Some(&parsed.body),
        _ => None,
    });
    for item in backends.chain(files).flat_map(|body| &body.items) {
        let Item::Attribute(argument) = item else { continue };
        let Kind::Text(text) = &argument.value.kind else { continue };
        let name = argument.name.value.as_str();
        let (secret, what, help) = match name {
            "conn_str" => {
                (password_of(text).unwrap_or_default(), "the password of the state's database", HELP_DATABASE)
            }
            _ if SECRETS.contains(&name) => (text.as_str(), "a secret of the state's backend", HELP),
            _ => continue,
        };
        if !is_placeholder(secret) && !is_elsewhere(secret) {
            findings.report(argument.value.span, format!("`{name}` holds {what}")).help(help);
        }
    }
}

const HELP_DATABASE: &str =
    "leave the password out, and set `PGUSER` and `PGPASSWORD` where `tofu` runs; change it, since git remembers it";
const HELP: &str = "give it in the environment where `tofu` runs; change it, since git remembers it";

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn words_and_other_backends_hold_passwords_too() {
        check_rule(
            "credentials-in-backend",
            r#"
#- tofu/one/main.tf
terraform {
  backend "pg" {
    conn_str = "host=nas.example.org user=tofu password=hunter2"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[credentials-in-backend]: `conn_str` holds the password of the state's database
  }
}
#- tofu/two/main.tf
terraform {
  backend "s3" {
    bucket     = "tofu"
    key        = "authentik.tfstate"
    access_key = "AKIDEXAMPLE"
    secret_key = "wJalrXUtnFEMI"
#                ^^^^^^^^^^^^^^^ error[credentials-in-backend]: `secret_key` holds a secret of the state's backend
# help: give it in the environment where `tofu` runs; change it, since git remembers it
  }
}
"#,
        );
    }

    #[test]
    fn a_file_for_init_is_committed_as_well() {
        check_rule(
            "credentials-in-backend",
            r#"
#- tofu/main.tf
terraform {
  backend "pg" {}
}
#- tofu/backend.pg.tfbackend
conn_str    = "postgres://tofu:hunter2@nas.example.org/tofu"
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[credentials-in-backend]: `conn_str` holds the password of the state's database
schema_name = "authentik"
"#,
        );
    }

    #[test]
    fn placeholders_references_and_addresses_without_a_password_are_left_alone() {
        check_rule(
            "credentials-in-backend",
            r#"
#- tofu/one/main.tf
terraform {
  backend "pg" { conn_str = "postgres://tofu:<password>@nas.example.org/tofu" }
}
#- tofu/two/main.tf
variable "password" { type = string }
terraform {
  backend "pg" { conn_str = "postgres://tofu:${var.password}@nas.example.org/tofu" }
}
#- tofu/three/main.tf
terraform {
  backend "pg" {
    conn_str    = "postgres://tofu@nas.example.org:5432/tofu"
    schema_name = "authentik"
  }
}
#- tofu/four/backend.pg.tfbackend
conn_str = "postgres://tofu:$PGPASSWORD@nas.example.org/tofu"
#- tofu/four/main.tf
terraform {
  backend "http" {
    address  = "https://state.example.org/authentik"
    password = ""
  }
}
"#,
        );
    }
}
