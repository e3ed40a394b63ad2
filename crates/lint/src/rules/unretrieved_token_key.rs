//! The key of a token that the provider was never told to fetch.

use std::collections::BTreeSet;

use diagnostic::Span;
use resolve_tofu::Instance;

use crate::tofu::{flag, is_given, place, reads};
use crate::{Findings, Repo};

/// The resource type of a token.
const TOKEN: &str = "authentik_token";

crate::rule! {
    /// The key of a token is read, but never retrieved.
    ///
    /// ## Why
    /// The provider asks authentik for the key only with `retrieve_key = true`. Without it `key` is null, the apply
    /// succeeds, and what was to log in with the key gets nothing
    /// ([`pkg/provider/resource_token.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_token.go)).
    ///
    /// ## Fix
    /// Write `retrieve_key = true`. The key is then in the state.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_token" "backup" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unretrieved-token-key]: the key of `authentik_token.backup` is read, but `retrieve_key` is not true
    ///   identifier = "backup"
    ///   user       = 7
    /// }
    ///
    /// output "key" {
    ///   value     = authentik_token.backup.key
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^ related: it is read here
    ///   sensitive = true
    /// }
    /// ```
    ///
    /// With the key:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_token" "backup" {
    ///   identifier   = "backup"
    ///   user         = 7
    ///   retrieve_key = true
    /// }
    ///
    /// output "key" {
    ///   value     = authentik_token.backup.key
    ///   sensitive = true
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the key that is read is null.
    "unretrieved-token-key", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for token in repo.tofu.roots.iter().flat_map(|root| root.of(TOKEN)) {
        let place = place(token, "retrieve_key");
        if flag(token, "retrieve_key", false) != Some(false) {
            continue;
        }
        let Some(read) = read_of_key(repo, token).filter(|_| told.insert(place)) else { continue };
        let name = token.resource.resource_name();
        let message = format!("the key of `{name}` is read, but `retrieve_key` is not true");
        let help = if is_given(token, "retrieve_key") { "write" } else { "add" };
        let help = format!("{help} `retrieve_key = true`");
        findings.report(place, message).related(read, "it is read here").help(help);
    }
}

/// Where the module of `token` names its key first.
fn read_of_key(repo: &Repo<'_>, token: &Instance<'_>) -> Option<Span> {
    let name = &token.resource.name.value;
    let of_key =
        |names: &[String]| matches!(names, [kind, of, part, ..] if kind == TOKEN && of == name && part == "key");
    let reads = reads(repo.files, repo.tofu.modules.get(token.folder)?)?;
    reads.into_iter().find(|read| of_key(&read.names)).map(|read| read.span)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_keys_of_repeated_tokens_are_read_too() {
        check_rule(
            "unretrieved-token-key",
            r#"
#- tofu/main.tf
resource "authentik_token" "bind" {
  for_each     = toset(["jellyfin", "kavita"])
  identifier   = each.key
  user         = 7
  retrieve_key = false
#                ^^^^^ error[unretrieved-token-key]: the key of `authentik_token.bind` is read, but `retrieve_key` is not true
# help: write `retrieve_key = true`
}
resource "vault_kv_secret_v2" "bind" {
  mount     = "infra"
  name      = "ldap"
  data_json = jsonencode({ jellyfin = authentik_token.bind["jellyfin"].key })
#                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: it is read here
}
"#,
        );
    }

    #[test]
    fn a_key_that_nobody_reads_and_a_switch_that_is_unknown_are_left_alone() {
        check_rule(
            "unretrieved-token-key",
            r#"
#- tofu/main.tf
variable "retrieve" { type = bool }
resource "authentik_token" "unread" {
  identifier = "unread"
  user       = 7
}
resource "authentik_token" "unknown" {
  identifier   = "unknown"
  user         = 7
  retrieve_key = var.retrieve
}
output "id" { value = authentik_token.unread.id }
output "key" { value = authentik_token.unknown.key }
"#,
        );
    }
}
