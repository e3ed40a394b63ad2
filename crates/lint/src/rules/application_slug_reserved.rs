//! A slug that authentik refuses.

use crate::identity::applications::{APPLICATION, called};
use crate::{Findings, Repo};

crate::rule! {
    /// The slug of an application is one that authentik keeps for itself, or holds a character that no slug has.
    ///
    /// ## Why
    /// The slug stands in the URLs of the application, beside `/application/o/authorize/` and five others of that kind,
    /// so the server refuses these six words, and everything that is no slug
    /// ([`authentik/core/api/applications.py`](https://github.com/goauthentik/authentik/blob/main/authentik/core/api/applications.py)).
    /// `tofu plan` does not know: the apply fails with a 400.
    ///
    /// ## Fix
    /// Choose a slug of letters, digits, `-` and `_`, such as the name of the app.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "device" {
    ///   name = "Device"
    ///   slug = "device"
    /// #        ^^^^^^^^ error[application-slug-reserved]: authentik keeps the slug `device` for itself, so `Device` cannot have it
    /// }
    /// ```
    ///
    /// A slug of its own:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "device" {
    ///   name = "Device"
    ///   slug = "device-manager"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the server refuses it.
    "application-slug-reserved", Error, Identity, check
}

/// What stands beside slugs in URLs.
const RESERVED: [&str; 6] = ["authorize", "token", "device", "userinfo", "introspect", "revoke"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for application in repo.tofu.roots.iter().flat_map(|root| root.of(APPLICATION)) {
        let Some(slug) = application.known_string("slug") else { continue };
        let called = called(application);
        if RESERVED.contains(&slug.value.as_str()) {
            let message = format!("authentik keeps the slug `{}` for itself, so {called} cannot have it", slug.value);
            let help = format!("write another, such as `{}-app`", slug.value);
            findings.report(slug.span, message).help(help);
        } else if slug.value.is_empty() {
            findings.report(slug.span, format!("the slug of {called} is empty")).help("write one, such as `grafana`");
        } else if !slug.value.chars().all(is_of_slugs) {
            let message =
                format!("`{}` is no slug, so authentik refuses {called}: letters, digits, `-` and `_` are", slug.value);
            findings.report(slug.span, message).help(format!("write `{}`", made_one(&slug.value)));
        }
    }
}

fn is_of_slugs(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

/// `Home Assistant` as `home-assistant`.
fn made_one(text: &str) -> String {
    let words: Vec<_> = text.split(|character| !is_of_slugs(character)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "app".to_owned() } else { words.join("-").to_lowercase() }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_slug_with_a_space_is_told_with_one_that_fits_at_the_entry_that_made_it() {
        check_rule(
            "application-slug-reserved",
            r#"
#- tofu/main.tf
locals {
  apps = { hass = { slug = "Home Assistant" }, grafana = { slug = "Grafana_1-a" } }
#                          ^^^^^^^^^^^^^^^^ error[application-slug-reserved]: `Home Assistant` is no slug, so authentik refuses `hass`: letters, digits, `-` and `_` are
# help: write `home-assistant`
}
resource "authentik_application" "apps" {
  for_each = local.apps
  name     = each.key
  slug     = each.value.slug
}
resource "authentik_application" "empty" {
  name = "empty"
  slug = ""
#        ^^ error[application-slug-reserved]: the slug of `empty` is empty
}
"#,
        );
    }

    #[test]
    fn a_slug_that_is_unknown_or_only_begins_with_a_reserved_word_is_left_alone() {
        check_rule(
            "application-slug-reserved",
            r#"
#- tofu/main.tf
variable "slug" { type = string }
resource "authentik_application" "unknown" {
  name = "unknown"
  slug = var.slug
}
resource "authentik_application" "tokens" {
  name = "tokens"
  slug = "tokens"
}
"#,
        );
    }
}
