//! A secret that is written out in OpenTofu's files.

use std::collections::BTreeSet;

use diagnostic::Span;
use resolve_tofu::{Content, Instance};
use syntax::hcl::{Expression, Item, Kind};

use crate::tofu::is_ignored;
use crate::tofu::secret::{is_name, is_secret};
use crate::{Findings, Kind as FileKind, Repo};

/// Arguments that are secrets, whichever resource or provider has them.
const SECRETS: [&str; 8] = [
    "bind_password",
    "client_secret",
    "consumer_secret",
    "password",
    "secret_id",
    "shared_secret",
    "sync_password",
    "token",
];
crate::rule! {
    /// A secret is written out in a file of OpenTofu.
    ///
    /// ## Why
    /// Whoever can read the repository, now or later, has the secret, and git does not forget it
    /// ([Sensitive data in state](https://opentofu.org/docs/language/state/sensitive-data/)).
    ///
    /// ## Fix
    /// Leave `client_secret` out: authentik makes one, and `authentik_provider_oauth2.NAME.client_secret` reads it.
    /// Make other secrets with `random_password`, or read them from Vault. Change the one that was committed.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name          = "grafana"
    ///   client_id     = "grafana"
    ///   client_secret = "hunter2"
    /// #                 ^^^^^^^^^ error[client-secret-literal]: `client_secret` of `authentik_provider_oauth2.grafana` is written out
    /// }
    /// ```
    ///
    /// With what authentik makes:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name      = "grafana"
    ///   client_id = "grafana"
    /// }
    ///
    /// resource "vault_kv_secret_v2" "grafana" {
    ///   mount = "infra"
    ///   name  = "apps/grafana/oidc"
    ///   data_json = jsonencode({
    ///     client_id     = "grafana"
    ///     client_secret = authentik_provider_oauth2.grafana.client_secret
    ///   })
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When it protects nothing, as the key of a public test service.
    "client-secret-literal", Error, Secrets, check
}

/// The clients whose secret stands in the source of an app that everybody has, and protects nothing: those of ownCloud for
/// the desktop, Android and iOS (`services/idp/pkg/config/defaults/defaultconfig.go` of ownCloud Infinite Scale).
const PUBLISHED: [&str; 3] = [
    "e4rAsNUSIUs0lF4nbv9FmCeUkTlV9GdgTLDH1b5uie7syb90SzEVrbN7HIpmWJeD",
    "mxd5OQDk6es5LzOzRvidJNfXLUZS2oN3oUFeXPP8LpPrhx3UroJFduGEYIBOxkY1",
    "xdXOt13JKxym1B1QcEncf2XDkLAexMBFwiT9j6EfhhHFJhs2KM9jbjTmf8JBXE69",
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    let mut tell = |secret: Secret, of: &str| {
        if told.insert(secret.place) {
            let message = format!("`{}` of `{of}` is written out", secret.name);
            let help = if secret.name == "client_secret" && of.starts_with("authentik_provider_oauth2") {
                "remove it, and let authentik make one; change the secret, since git remembers it"
            } else {
                "read it from Vault, or make it with `random_password`; change the secret, since git remembers it"
            };
            findings.report(secret.place, message).help(help);
        }
    };
    for root in &repo.tofu.roots {
        for instance in &root.resolved.instances {
            let name = instance.resource.resource_name().to_string();
            let document = in_document(repo, instance);
            let written = in_content(repo, &instance.content).into_iter();
            let written = written.filter(|secret| !is_ignored(instance, &secret.name));
            written.chain(document).for_each(|secret| tell(secret, &name));
        }
        for one in &root.resolved.providers {
            let name = format!("provider.{}", one.provider.name.value);
            in_content(repo, &one.content).into_iter().for_each(|secret| tell(secret, &name));
        }
    }
}

/// A secret that is written out.
struct Secret {
    name: String,
    place: Span,
}

/// Those in the arguments of a block and of the blocks in it, which are as deep as the parser lets them be.
fn in_content(repo: &Repo<'_>, content: &Content<'_>) -> Vec<Secret> {
    let is_published = content.known_string("client_id").is_some_and(|id| PUBLISHED.contains(&id.value.as_str()));
    let written =
        content.arguments.iter().filter(|one| SECRETS.contains(&one.name.value.as_str())).filter_map(|argument| {
            let name = &argument.name.value;
            let place = argument.origin();
            if is_published && name == "client_secret" {
                return None;
            }
            let is_one = argument.value.as_text().is_some_and(is_secret) && is_literal(repo, place);
            is_one.then(|| Secret { name: name.clone(), place })
        });
    let nested = content.blocks.iter().flat_map(|block| in_content(repo, &block.content));
    written.chain(nested).collect()
}

/// Those in the document that is written to Vault.
fn in_document(repo: &Repo<'_>, instance: &Instance<'_>) -> Vec<Secret> {
    if !["vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret"].contains(&instance.kind()) {
        return Vec::new();
    }
    let arguments = instance.resource.body.items.iter().filter_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value.starts_with("data_json") => Some(attribute),
        _ => None,
    });
    let mut found = Vec::new();
    for argument in arguments {
        in_call(&argument.value, &mut found);
        let known = instance.argument(&argument.name.value).filter(|_| found.is_empty());
        let Some(place) = known.map(resolve_tofu::Argument::origin).filter(|place| is_literal(repo, *place)) else {
            continue;
        };
        let text = known.and_then(|argument| argument.value.as_text()).unwrap_or_default();
        if let Some(name) = in_json(text) {
            found.push(Secret { name, place });
        }
    }
    found
}

/// Those in `jsonencode({ … })`.
fn in_call(expression: &Expression, found: &mut Vec<Secret>) {
    expression.walk(&mut |part| {
        let Kind::Object(items) = &part.kind else { return };
        found.extend(items.iter().filter_map(|item| match (&item.key.kind, &item.value.kind) {
            (Kind::Text(name), Kind::Text(text)) if is_name(name) && is_secret(text) => {
                Some(Secret { name: name.clone(), place: item.value.span })
            }
            _ => None,
        }));
    });
}

/// The name of the first secret in a JSON text.
fn in_json(text: &str) -> Option<String> {
    let parts: Vec<_> = text.split('"').collect();
    let mut entries = parts.windows(3).filter(|window| window[1].trim() == ":");
    entries.find(|window| is_name(window[0]) && is_secret(window[2])).map(|window| window[0].to_owned())
}

/// Whether a text, or what is encoded as one, is written at `place`, in a file of OpenTofu.
fn is_literal(repo: &Repo<'_>, place: Span) -> bool {
    let is_ours = repo.files.by_id(place.file).is_some_and(|file| {
        matches!(file.kind, FileKind::Tofu | FileKind::TofuJson | FileKind::Tfvars | FileKind::TfvarsJson)
            && !file.is_shown()
    });
    is_ours && ["\"", "<<", "jsonencode("].iter().any(|begin| repo.sources.slice(place).starts_with(begin))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_place_where_it_is_written_is_shown() {
        check_rule(
            "client-secret-literal",
            r#"
#- tofu/main.tf
variable "token" { default = "s3cr3t-t0k3n" }
locals {
  apps = {
    grafana = { secret = "hunter2" }
#                        ^^^^^^^^^ error[client-secret-literal]: `client_secret` of `authentik_provider_oauth2.apps` is written out
  }
}
provider "authentik" {
  url   = "https://auth.example.org"
  token = "s3cr3t-t0k3n"
#         ^^^^^^^^^^^^^^ error[client-secret-literal]: `token` of `provider.authentik` is written out
# help: read it from Vault, or make it with `random_password`; change the secret, since git remembers it
}
resource "authentik_provider_oauth2" "apps" {
  for_each      = local.apps
  name          = each.key
  client_secret = each.value.secret
}
"#,
        );
    }

    #[test]
    fn documents_for_vault_hold_secrets_too() {
        check_rule(
            "client-secret-literal",
            r#"
#- tofu/main.tf
resource "vault_kv_secret_v2" "called" {
  mount = "infra"
  name  = "smtp"
  data_json = jsonencode({
    host     = "mail.example.org"
    password = "hunter2"
#              ^^^^^^^^^ error[client-secret-literal]: `password` of `vault_kv_secret_v2.called` is written out
  })
}
locals { smtp = { host = "mail.example.org", smtp_password = "hunter2" } }
resource "vault_kv_secret_v2" "named" {
  mount     = "infra"
  name      = "smtp"
  data_json = jsonencode(local.smtp)
#             ^^^^^^^^^^^^^^^^^^^^^^ error[client-secret-literal]: `smtp_password` of `vault_kv_secret_v2.named` is written out
}
resource "vault_generic_secret" "text" {
  path      = "infra/smtp"
  data_json = <<EOT
#             ^^^^^ error[client-secret-literal]: `smtp_password` of `vault_generic_secret.text` is written out
{ "host": "mail.example.org", "smtp_password": "hunter2" }
EOT
}
"#,
        );
    }

    #[test]
    fn references_placeholders_and_what_is_no_secret_are_left_alone() {
        check_rule(
            "client-secret-literal",
            r#"
#- tofu/main.tf
variable "token" { type = string }
resource "random_password" "smtp" { length = 32 }
provider "authentik" { token = var.token }
provider "vault" { token = "<token>" }
resource "authentik_provider_oauth2" "empty" {
  name          = "empty"
  client_secret = ""
}
resource "authentik_provider_oauth2" "published" {
  name          = "files-android"
  client_id     = "e4rAsNUSIUs0lF4nbv9FmCeUkTlV9GdgTLDH1b5uie7syb90SzEVrbN7HIpmWJeD"
  client_secret = "published"
}
resource "authentik_provider_oauth2" "shown" {
  name          = "shown"
  client_secret = "changeme"
}
resource "authentik_user" "bind" {
  username = "bind"
  password = random_password.smtp.result
}
resource "authentik_stage_email" "mail" {
  name     = "mail"
  password = file("password.txt")
}
resource "vault_kv_secret_v2" "grafana" {
  mount = "infra"
  name  = "apps/grafana"
  data_json = jsonencode({
    client_id     = "grafana"
    client_secret = random_password.smtp.result
    token_url     = "https://auth.example.org/application/o/token/"
    token_login   = "false"
    secretName    = "grafana-oauth"

    token_endpoint_auth_method = "client_secret_basic"
    password      = ""
  })
}
#- tofu/password.txt
hunter2
"#,
        );
    }
}
