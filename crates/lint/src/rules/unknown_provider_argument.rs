//! An argument that a type of the authentik provider does not have.

use diagnostic::{Severity, did_you_mean};
use schema::{Kind, Mode, Release, Share, successor_of_argument};
use syntax::hcl::{Expression, Item, Kind as Expressed};

use crate::flux::secrets::slip;
use crate::tofu::{Written, arguments, report, written};
use crate::{Findings, Repo};

crate::rule! {
    /// An argument is none that its type has, in the releases of the authentik provider that may run.
    ///
    /// ## Why
    /// `tofu plan` refuses it, but only once the provider is installed, and after an upgrade it refuses what worked the
    /// day before. What each release takes is read from its sources
    /// ([`pkg/provider`](https://github.com/goauthentik/terraform-provider-authentik/tree/main/pkg/provider)). The lock
    /// file says which release runs; without one, every release that the constraints allow is asked, and where only
    /// the newest of them lacks the argument, this is a warning.
    ///
    /// Of another provider, what `labtree schema import` read is asked where the lock file names that version.
    ///
    /// ## Fix
    /// Write what came in its place, or pin a release that has it.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name               = "grafana"
    ///   client_id          = "grafana"
    ///   authorization_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   invalidation_flow  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   redirect_uris      = ["https://grafana.example.org/login/generic_oauth"]
    /// # ^^^^^^^^^^^^^ error[unknown-provider-argument]: `authentik_provider_oauth2` has no argument `redirect_uris` in the provider 2026.5.0
    /// # help: write `allowed_redirect_uris = [{ matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" }]`
    /// }
    /// ```
    ///
    /// As releases since 2024.10.2 have it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name                  = "grafana"
    ///   client_id             = "grafana"
    ///   authorization_flow    = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   invalidation_flow     = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   allowed_redirect_uris = [{ matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" }]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you run a provider that you build yourself.
    "unknown-provider-argument", Error, Tofu, check
}

/// What the block `provider "authentik"` takes: `pkg/provider/provider.go`.
const OF_PROVIDER: [&str; 4] = ["headers", "insecure", "token", "url"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report(repo, "unknown-provider-argument", findings);
    for written in written(repo).into_iter().filter(|written| written.is_known()) {
        for (name, is_block) in written.arguments() {
            if name.value == "id" && !is_block && written.kind == Kind::DataSource {
                continue; // every data source of the plugin SDK has it
            }
            let newest = written.releases.newest();
            match written.releases.has_argument(written.kind, written.name(), &name.value) {
                _ if is_block && newest.attribute(written.kind, written.name(), &name.value).is_some() => {
                    let message = format!("`{}` is an argument, and is written as a block", name.value);
                    findings.report(name.span, message).help(format!("write `{} = …`", name.value));
                }
                Share::All => {}
                Share::Some(_) if has(written, newest, &name.value) => {}
                Share::Some(_) => {
                    let lacking = newest.version().to_string();
                    let (message, help) = told(repo, written, &name.value, &lacking);
                    findings.report(name.span, message).severity(Severity::Warning).help(help);
                }
                Share::None => {
                    let (message, help) = told(repo, written, &name.value, &written.releases_in_words());
                    findings.report(name.span, message).help(help);
                }
            }
        }
    }
    slips(repo, findings);
    for root in repo.tofu.roots.iter().filter(|root| root.releases().is_some()) {
        let ours = root.resolved.providers.iter().filter(|one| one.provider.name.value == "authentik");
        for argument in ours.flat_map(|one| &one.content.arguments) {
            let name = &argument.name.value;
            if !OF_PROVIDER.contains(&name.as_str()) {
                let near = did_you_mean(name, OF_PROVIDER);
                let message = format!("the provider `authentik` has no argument `{name}`{near}");
                let known = OF_PROVIDER.join("`, `");
                findings.report(argument.name.span, message).help(format!("it has `{known}`"));
            }
        }
    }
}

/// The slips in roots that run a release which is not known: an argument that no release has, beside one that the newest
/// has, is no new one.
fn slips(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let newest = schema::Provider::authentik().newest();
    for root in repo.tofu.roots.iter().filter(|root| root.releases().is_none()) {
        let resources = root.modules.iter().flat_map(|module| module.resources.values());
        for resource in resources.filter(|resource| resource.kind.value.starts_with("authentik_")) {
            let kind = match resource.mode {
                resolve_tofu::Mode::Managed => Kind::Resource,
                resolve_tofu::Mode::Data => Kind::DataSource,
                resolve_tofu::Mode::Ephemeral => continue,
            };
            let Some(known) = schema::Provider::authentik().type_named(kind, &resource.kind.value) else { continue };
            let names: Vec<_> = newest.attributes(kind, &resource.kind.value).map(|(name, _)| name).collect();
            for (name, _) in arguments(&resource.body) {
                let is_unknown = name.value != "id" && known.attribute(&name.value).is_empty();
                let Some(near) = slip(&name.value, names.iter().copied()).filter(|_| is_unknown) else { continue };
                let message = format!("no known release of `{}` has an argument `{}`", resource.kind.value, name.value);
                findings.report(name.span, message).severity(Severity::Warning).help(format!("did you mean `{near}`?"));
            }
        }
        let ours = root.resolved.providers.iter().filter(|one| one.provider.name.value == "authentik");
        for argument in ours.flat_map(|one| &one.content.arguments) {
            let name = argument.name.value.as_str();
            if let Some(near) = slip(name, OF_PROVIDER).filter(|near| *near != name) {
                let message = format!("no known release of the provider `authentik` has an argument `{name}`");
                let report = findings.report(argument.name.span, message).severity(Severity::Warning);
                report.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

fn has(written: Written<'_>, release: Release<'_>, argument: &str) -> bool {
    let found = release.attribute(written.kind, written.name(), argument);
    found.is_some_and(|found| found.mode != Mode::Computed)
}

fn told(repo: &Repo<'_>, written: Written<'_>, argument: &str, lacking: &str) -> (String, String) {
    let (kind, name, newest) = (written.kind, written.name(), written.releases.newest());
    if newest.attribute(kind, name, argument).is_some() {
        let message = format!("`{argument}` of `{name}` can only be read");
        return (message, format!("take `{argument}` out; the server decides it"));
    }
    let message = format!("`{name}` has no argument `{argument}` in the provider {lacking}");
    if kind == Kind::Resource
        && let Some(successor) = successor_of_argument(name, argument)
    {
        let text = new_text(repo, written, argument, successor.names);
        return (message, text.unwrap_or_else(|| successor.help.to_owned()));
    }
    let known = schema::Provider::authentik().type_named(kind, name);
    let stretches = known.map_or(&[][..], |known| known.attribute(argument));
    let first = stretches.first().and_then(|stretch| stretch.from.as_ref());
    let last = stretches.last().and_then(|stretch| stretch.to.as_ref());
    match (first, last) {
        (Some(first), _) if newest.version() < first => (message, format!("it came with {first}")),
        (_, Some(last)) => (message, format!("{last} was the last release with it")),
        _ => {
            let names: Vec<_> = newest.attributes(kind, name).map(|(name, _)| name).collect();
            let near = did_you_mean(argument, names.iter().copied());
            (message + &near, format!("the documentation of `{name}` lists its arguments"))
        }
    }
}

/// The line to write in place of the old one, where the old value tells it.
fn new_text(repo: &Repo<'_>, written: Written<'_>, argument: &str, names: &[&str]) -> Option<String> {
    let [new] = names else { return None };
    let old = written.resource.body.items.iter().find_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == argument => Some(&attribute.value),
        _ => None,
    })?;
    let slice = |value: &Expression| repo.sources.slice(value.span).to_owned();
    let value = match (argument, &old.kind) {
        ("redirect_uris", Expressed::Tuple(items)) => {
            let map = |item| format!("{{ matching_mode = \"strict\", url = {} }}", slice(item));
            format!("[{}]", items.iter().map(map).collect::<Vec<_>>().join(", "))
        }
        ("redirect_uris", _) => return None,
        ("parent" | "filter_group", _) => format!("[{}]", slice(old)),
        _ => slice(old),
    };
    (!value.contains('\n')).then(|| format!("write `{new} = {value}`"))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn in_a_release_that_is_not_known_only_slips_are_reported() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2099.1.0"
    }
  }
}
provider "authentik" {
  urll   = "https://auth.example.org"
# ^^^^ warning[unknown-provider-argument]: no known release of the provider `authentik` has an argument `urll`
# help: did you mean `url`?
  colour = "red"
}
resource "authentik_group" "family" {
  nme    = "family"
# ^^^ warning[unknown-provider-argument]: no known release of `authentik_group` has an argument `nme`
# help: did you mean `name`?
  colour = "red"
  parent = "x"
}
"#,
        );
    }

    #[test]
    fn what_replaced_an_argument_is_told_with_the_value_that_stands_there() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
resource "authentik_group" "parents" {
  name = "parents"
}
resource "authentik_group" "family" {
  name   = "family"
  parent = authentik_group.parents.id
# ^^^^^^ error[unknown-provider-argument]: `authentik_group` has no argument `parent` in the provider 2026.5.0
# help: write `parents = [authentik_group.parents.id]`
}
"#,
        );
    }

    #[test]
    fn an_argument_that_only_older_allowed_releases_have_is_a_warning() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2025.10"
    }
  }
}
resource "authentik_group" "family" {
  name   = "family"
  parent = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a13"
# ^^^^^^ warning[unknown-provider-argument]: `authentik_group` has no argument `parent` in the provider 2025.12.1
}
"#,
        );
    }

    #[test]
    fn an_argument_of_a_later_release_is_told_with_the_release() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2025.10.1"
    }
  }
}
resource "authentik_group" "family" {
  name    = "family"
  parents = []
# ^^^^^^^ error[unknown-provider-argument]: `authentik_group` has no argument `parents` in the provider 2025.10.1
# help: it came with 2025.12.0
}
"#,
        );
    }

    #[test]
    fn blocks_read_only_arguments_and_slips_are_told_apart() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
provider "authentik" {
  urll = "https://auth.example.org"
# ^^^^ error[unknown-provider-argument]: the provider `authentik` has no argument `urll`, did you mean `url`?
}
resource "authentik_flow" "login" {
  name        = "Login"
  title       = "Login"
  slug        = "login"
  designaton  = "authentication"
# ^^^^^^^^^^ error[unknown-provider-argument]: `authentik_flow` has no argument `designaton` in the provider 2026.5.0, did you mean `designation`?
  uuid        = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a13"
# ^^^^ error[unknown-provider-argument]: `uuid` of `authentik_flow` can only be read
}
resource "authentik_provider_oauth2" "grafana" {
  allowed_redirect_uris {
# ^^^^^^^^^^^^^^^^^^^^^ error[unknown-provider-argument]: `allowed_redirect_uris` is an argument, and is written as a block
    url = "https://grafana.example.org/"
  }
}
"#,
        );
    }

    #[test]
    fn what_opentofu_itself_takes_in_a_resource_is_left_alone() {
        check_rule(
            "unknown-provider-argument",
            r#"
#- tofu/main.tf
resource "authentik_group" "family" {
  for_each   = toset(["family"])
  provider   = authentik
  name       = each.key
  depends_on = [authentik_group.other]
  lifecycle {
    ignore_changes = [attributes]
  }
}
resource "authentik_group" "other" {
  count = 1
  name  = "other"
}
data "authentik_group" "admins" {
  name          = "authentik Admins"
  include_users = false
}
"#,
        );
    }
}
