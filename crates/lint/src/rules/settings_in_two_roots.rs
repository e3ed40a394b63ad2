//! The settings of one server, declared twice.

use diagnostic::{Severity, Span};
use resolve_tofu::Instance;

use crate::tofu::Root;
use crate::{Findings, Repo};

crate::rule! {
    /// The system settings of one server are declared twice.
    ///
    /// ## Why
    /// authentik has one set of settings, and `authentik_system_settings` writes all of it: what a block does not name
    /// goes back to its default. Two blocks undo each other with every apply, and neither plan is ever empty
    /// ([`docs/resources/system_settings.md`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/docs/resources/system_settings.md)).
    ///
    /// ## Fix
    /// Keep one block with all of the settings, in one root. Take the other out with `tofu state rm` first.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "avatars" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other block is here
    ///   avatars = "initials"
    /// }
    ///
    /// resource "authentik_system_settings" "events" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[settings-in-two-roots]: `authentik_system_settings.avatars` and `authentik_system_settings.events` write all settings of one server, and undo each other
    ///   event_retention = "days=30"
    /// }
    /// ```
    ///
    /// In one block:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "this" {
    ///   avatars         = "initials"
    ///   event_retention = "days=30"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the roots are for two servers that have the same address, each in its own network.
    "settings-in-two-roots", Error, Tofu, check
}

/// A declaration of the settings.
struct Settings<'r, 'a> {
    root: &'r str,
    instance: &'r Instance<'a>,
    server: Server,
}

/// Which server a resource is for.
#[derive(PartialEq)]
enum Server {
    /// The one at an address.
    At(String),
    /// The one that `AUTHENTIK_URL` names.
    Environment,
    /// That of a provider configuration whose address is unknown.
    Of(Option<String>),
    /// No telling.
    Unknown,
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut all: Vec<Settings<'_, '_>> = Vec::new();
    for root in &repo.tofu.roots {
        for instance in root.of("authentik_system_settings").filter(|instance| instance.certain) {
            let folder = root.resolved.module.folder.as_str();
            let settings = Settings { root: folder, instance, server: server(root, instance) };
            match all.iter().find(|other| is_one_server(&settings, other)) {
                Some(first) => tell(first, &settings, findings),
                None => all.push(settings),
            }
        }
    }
}

fn tell(first: &Settings<'_, '_>, second: &Settings<'_, '_>, findings: &mut Findings<'_>) {
    let called = |settings: &Settings<'_, '_>| {
        let address = settings.instance.address();
        if first.root == second.root { format!("`{address}`") } else { format!("`{address}` of `{}`", settings.root) }
    };
    // Two roots that ask the environment may be run in two.
    let is_sure = first.root == second.root || first.server != Server::Environment;
    let unless = if is_sure { "" } else { " unless `AUTHENTIK_URL` differs" };
    let (one, other) = (called(first), called(second));
    let message = format!("{one} and {other} write all settings of one server, and undo each other{unless}");
    let place = |settings: &Settings<'_, '_>| -> Span { settings.instance.resource.header };
    let finding = findings.report(place(second), message);
    let finding = finding.help(format!(
        "move its arguments to the other block, and run `tofu state rm '{}'`",
        second.instance.address()
    ));
    let finding = if is_sure { finding } else { finding.severity(Severity::Warning) };
    if place(first) != place(second) {
        finding.related(place(first), "the other block is here");
    }
}

/// Which server `instance` is for, by the address in the configuration of its provider.
fn server(root: &Root<'_>, instance: &Instance<'_>) -> Server {
    let calls = &root.resolved.module.calls;
    if !instance.module_address.is_empty() && calls.values().any(|call| !call.providers.is_empty()) {
        return Server::Unknown;
    }
    let reference = instance.resource.provider.as_ref();
    if reference.is_some_and(|reference| reference.key.is_some()) {
        return Server::Unknown;
    }
    let alias = reference.and_then(|provider| provider.alias.as_ref());
    let alias = alias.map(|alias| alias.value.clone());
    let mut configured = root.resolved.providers.iter();
    let configured = configured.find(|one| {
        let found = one.provider.alias.as_ref().map(|alias| alias.value.as_str());
        one.provider.name.value == "authentik" && found == alias.as_deref() && one.provider.for_each.is_none()
    });
    let Some(url) = configured.and_then(|one| one.content.argument("url")) else { return Server::Environment };
    url.value.as_text().map_or(Server::Of(alias), |url| Server::At(host(url)))
}

/// An address in the form in which two for one server are equal.
fn host(url: &str) -> String {
    let url = url.trim_end_matches('/');
    url.strip_suffix("/api/v3").unwrap_or(url).trim_end_matches('/').to_lowercase()
}

/// Whether both are for one server, as far as that can be read.
fn is_one_server(one: &Settings<'_, '_>, other: &Settings<'_, '_>) -> bool {
    match (&one.server, &other.server) {
        (Server::At(one), Server::At(other)) => one == other,
        (Server::Environment, Server::Environment) => true,
        (Server::Of(alias), Server::Of(of_other)) => one.root == other.root && alias == of_other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::host;
    use crate::tests::check_rule;

    #[test]
    fn one_server_has_several_addresses() {
        for url in ["https://Auth.example.org", "https://auth.example.org/", "https://auth.example.org/api/v3/"] {
            assert_eq!(host(url), "https://auth.example.org");
        }
    }

    #[test]
    fn two_roots_with_one_address_are_reported() {
        check_rule(
            "settings-in-two-roots",
            r#"
#- tofu/one/main.tf
locals { url = "https://auth.example.org" }
provider "authentik" { url = local.url }
resource "authentik_system_settings" "this" { avatars = "initials" }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other block is here
#- tofu/two/main.tf
provider "authentik" { url = "https://auth.example.org/" }
resource "authentik_system_settings" "this" { event_retention = "days=30" }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[settings-in-two-roots]: `authentik_system_settings.this` of `tofu/one` and `authentik_system_settings.this` of `tofu/two` write all settings of one server, and undo each other
# help: move its arguments to the other block, and run `tofu state rm 'authentik_system_settings.this'`
"#,
        );
    }

    #[test]
    fn different_and_unknown_servers_are_left_alone() {
        check_rule(
            "settings-in-two-roots",
            r#"
#- tofu/one/main.tf
provider "authentik" { url = "https://auth.example.org" }
provider "authentik" {
  alias = "test"
  url   = "https://auth.test.example.org"
}
resource "authentik_system_settings" "this" { avatars = "initials" }
resource "authentik_system_settings" "test" {
  provider = authentik.test
  avatars  = "initials"
}
#- tofu/two/main.tf
variable "url" { type = string }
provider "authentik" { url = var.url }
resource "authentik_system_settings" "this" { avatars = "initials" }
#- tofu/three/main.tf
provider "authentik" {}
resource "authentik_system_settings" "this" { avatars = "initials" }
"#,
        );
    }

    #[test]
    fn two_roots_that_ask_the_environment_may_be_run_in_two() {
        check_rule(
            "settings-in-two-roots",
            r#"
#- tofu/one/main.tf
resource "authentik_system_settings" "this" { avatars = "initials" }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other block is here
#- tofu/two/main.tf
provider "authentik" {}
resource "authentik_system_settings" "this" { event_retention = "days=30" }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[settings-in-two-roots]: `authentik_system_settings.this` of `tofu/one` and `authentik_system_settings.this` of `tofu/two` write all settings of one server, and undo each other unless `AUTHENTIK_URL` differs
"#,
        );
    }

    #[test]
    fn a_provider_for_each_server_is_left_alone() {
        check_rule(
            "settings-in-two-roots",
            r#"
#- tofu/main.tf
locals {
  servers = { home = "https://auth.example.org", lab = "https://auth.lab.example.org" }
}
provider "authentik" {
  alias    = "by_server"
  for_each = local.servers
  url      = each.value
}
resource "authentik_system_settings" "this" {
  for_each = local.servers
  provider = authentik.by_server[each.key]
  avatars  = "initials"
}
"#,
        );
    }
}
