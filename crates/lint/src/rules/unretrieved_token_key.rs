//! The key of a token that the provider was never told to fetch.

use std::collections::BTreeSet;

use diagnostic::Span;
use resolve_tofu::{Instance, Module, ModuleCall, Output, Source, Value};

use crate::tofu::{Root, flag, is_given, place, reads, reads_of};
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
    for root in &repo.tofu.roots {
        for token in root.of(TOKEN).filter(|token| flag(token, "retrieve_key", false) == Some(false)) {
            let place = place(token, "retrieve_key");
            let Some(read) = read_of_key(repo, root, token).filter(|_| told.insert(place)) else { continue };
            let name = token.resource.resource_name();
            let message = format!("the key of `{name}` is read, but `retrieve_key` is not true");
            let help = if is_given(token, "retrieve_key") { "write" } else { "add" };
            let help = format!("{help} `retrieve_key = true`");
            findings.report(place, message).related(read, "it is read here").help(help);
        }
    }
}

/// Where the key of `token` is read: by its name, or wherever its value arrives.
fn read_of_key(repo: &Repo<'_>, root: &Root<'_>, token: &Instance<'_>) -> Option<Span> {
    // A name says nothing of which one is meant, where some of the tokens under it are retrieved.
    let is_other = |other: &Instance<'_>| std::ptr::eq(other.resource, token.resource) && is_retrieved(other);
    let by_name = || {
        let module = repo.tofu.modules.get(token.folder)?;
        read_in(repo, module, &token.resource.name.value).or_else(|| read_by_callers(repo, module, token))
    };
    let by_name = if root.of(TOKEN).any(is_other) { None } else { by_name() };
    by_name.or_else(|| arrival(root, token))
}

fn is_retrieved(token: &Instance<'_>) -> bool {
    flag(token, "retrieve_key", false) != Some(false)
}

/// Where a module names the key of its own token `name` first.
fn read_in(repo: &Repo<'_>, module: &Module, name: &str) -> Option<Span> {
    let of_key =
        |names: &[String]| matches!(names, [kind, of, part, ..] if kind == TOKEN && of == name && part == "key");
    reads(repo.files, module)?.into_iter().find(|read| of_key(&read.names)).map(|read| read.span)
}

/// Where a module names the key of a token that `module`, which it calls, hands out as a whole.
fn read_by_callers(repo: &Repo<'_>, module: &Module, token: &Instance<'_>) -> Option<Span> {
    let is_whole = |names: &[String]| matches!(names, [kind, of] if kind == TOKEN && *of == token.resource.name.value);
    let is_handed_out = |output: &Output| {
        let value = output.value.as_ref();
        value.is_some_and(|value| reads_of(value).iter().any(|read| read.span == value.span && is_whole(&read.names)))
    };
    let outputs: Vec<_> = module.outputs.values().filter(|output| is_handed_out(output)).collect();
    if outputs.is_empty() {
        return None;
    }
    let calls = |caller: &Module, call: &ModuleCall| {
        repo.tofu.modules.source(&caller.folder, call) == Source::Local(module.folder.clone())
    };
    repo.tofu.modules.iter().find_map(|caller| {
        let names: Vec<_> =
            caller.calls.values().filter(|call| calls(caller, call)).map(|call| &call.name.value).collect();
        let is_key = |read: &[String]| match read {
            [of, call, output, part, ..] => {
                of == "module"
                    && part == "key"
                    && names.contains(&call)
                    && outputs.iter().any(|handed| handed.name.value == *output)
            }
            _ => false,
        };
        let reads = if names.is_empty() { Vec::new() } else { reads(repo.files, caller)? };
        reads.into_iter().find(|read| is_key(&read.names)).map(|read| read.span)
    })
}

/// The first argument or output of the root that the key of `token` comes to.
fn arrival(root: &Root<'_>, token: &Instance<'_>) -> Option<Span> {
    let is_key = |value: &Value| {
        value.provenance_within().iter().any(|part| {
            part.address() == Some(token.address()) && part.path.first().is_some_and(|first| first == "key")
        })
    };
    let content = root.resolved.instances.iter().map(|instance| &instance.content);
    let content = content.chain(root.resolved.providers.iter().map(|configured| &configured.content));
    let mut arguments = content.flat_map(|content| &content.arguments);
    let argument = arguments.find(|argument| is_key(&argument.value)).map(|argument| argument.span);
    argument.or_else(|| {
        let (name, _) = root.resolved.outputs.iter().find(|(_, value)| is_key(value))?;
        Some(root.resolved.module.outputs.get(name)?.value.as_ref()?.span)
    })
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

    #[test]
    fn the_key_of_a_token_that_a_module_hands_out_is_followed() {
        check_rule(
            "unretrieved-token-key",
            r#"
#- tofu/main.tf
module "ldap" { source = "./ldap" }
resource "vault_kv_secret_v2" "bind" {
  mount     = "infra"
  name      = "ldap"
  data_json = jsonencode({ key = module.ldap.token.key })
#                                ^^^^^^^^^^^^^^^^^^^^^ related: it is read here
}
output "backup" {
  value = module.ldap.tokens["backup"].key
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: it is read here
}
#- tofu/ldap/main.tf
resource "authentik_token" "bind" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unretrieved-token-key]: the key of `authentik_token.bind` is read, but `retrieve_key` is not true
  identifier = "bind"
  user       = 7
}
resource "authentik_token" "backup" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unretrieved-token-key]: the key of `authentik_token.backup` is read, but `retrieve_key` is not true
  identifier = "backup"
  user       = 7
}
resource "authentik_token" "unread" {
  identifier = "unread"
  user       = 7
}
output "token" { value = authentik_token.bind }
output "tokens" { value = { backup = authentik_token.backup, unread = authentik_token.unread } }
"#,
        );
    }

    #[test]
    fn a_key_is_found_through_what_gathers_it() {
        check_rule(
            "unretrieved-token-key",
            r#"
#- tofu/main.tf
resource "authentik_token" "bind" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unretrieved-token-key]: the key of `authentik_token.bind` is read, but `retrieve_key` is not true
  for_each   = toset(["jellyfin", "kavita"])
  identifier = each.key
  user       = 7
}
output "keys" {
  value     = { for app, token in authentik_token.bind : app => token.key }
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: it is read here
  sensitive = true
}
"#,
        );
    }

    #[test]
    fn only_those_that_are_read_need_their_key() {
        check_rule(
            "unretrieved-token-key",
            r#"
#- tofu/main.tf
resource "authentik_token" "bind" {
  for_each     = { jellyfin = true, kavita = false }
  identifier   = each.key
  user         = 7
  retrieve_key = each.value
}
output "key" {
  value     = authentik_token.bind["jellyfin"].key
  sensitive = true
}
output "others" {
  value = [for token in authentik_token.bind : token.id]
}
"#,
        );
    }
}
