//! Two applications with one slug.

use std::collections::HashMap;

use resolve_tofu::Instance;

use crate::identity::applications::{APPLICATION, are_of_one_server, called};
use crate::{Findings, Repo};

crate::rule! {
    /// Two applications of one server have the same slug.
    ///
    /// ## Why
    /// The slug is the application's handle in URLs, in authentik's API and in OpenTofu's state, so the server refuses
    /// the second one
    /// ([`authentik/core/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/core/models.py)).
    /// `tofu plan` is clean; which of the two is made is a matter of luck.
    ///
    /// ## Fix
    /// Give each application a slug of its own.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "movies" {
    ///   name = "Movies"
    ///   slug = "jellyfin"
    /// #        ^^^^^^^^^^ related: the other application has it too
    /// }
    ///
    /// resource "authentik_application" "series" {
    ///   name = "Series"
    ///   slug = "jellyfin"
    /// #        ^^^^^^^^^^ error[duplicate-application-slug]: the applications `Movies` and `Series` have the slug `jellyfin`; authentik refuses one of them
    /// }
    /// ```
    ///
    /// Each with a slug of its own:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "apps" {
    ///   for_each = { jellyfin-movies = "Movies", jellyfin-series = "Series" }
    ///   name     = each.value
    ///   slug     = each.key
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where both go to different servers in a way that labtree does not see.
    "duplicate-application-slug", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let mut by_slug: HashMap<String, Vec<&Instance<'_>>> = HashMap::new();
        for application in root.of(APPLICATION).filter(|application| application.certain) {
            let Some(slug) = application.known_string("slug") else { continue };
            let known = by_slug.entry(slug.value.clone()).or_default();
            let twin = known.iter().find(|known| are_of_one_server(known, application, repo.tofu.modules));
            if let Some(first) = twin {
                let message = format!(
                    "the applications {} and {} have the slug `{}`; authentik refuses one of them",
                    called(first),
                    called(application),
                    slug.value
                );
                let help = "give each application a slug of its own";
                let finding = findings.report(slug.span, message).help(help);
                if let Some(of_first) = first.known_string("slug").filter(|of_first| of_first.span != slug.span) {
                    finding.related(of_first.span, "the other application has it too");
                }
            } else {
                known.push(application);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_entries_of_two_maps_are_told_of_through_a_module() {
        check_rule(
            "duplicate-application-slug",
            r#"
#- tofu/home/main.tf
module "web" {
  source = "../modules/app"
  slug   = "wiki"
#          ^^^^^^ error[duplicate-application-slug]: the applications `module.docs.authentik_application.this` and `module.web.authentik_application.this` have the slug `wiki`; authentik refuses one of them
}
module "docs" {
  source = "../modules/app"
  slug   = "wiki"
#          ^^^^^^ related: the other application has it too
}
#- tofu/modules/app/main.tf
variable "slug" { type = string }
variable "name" {
  type    = string
  default = null
}
resource "authentik_application" "this" {
  name = var.name
  slug = var.slug
}
"#,
        );
    }

    #[test]
    fn applications_of_two_servers_or_two_roots_are_left_alone() {
        check_rule(
            "duplicate-application-slug",
            r#"
#- tofu/one/main.tf
provider "authentik" { url = "https://auth.example.org" }
provider "authentik" {
  alias = "guests"
  url   = "https://auth.guests.example.org"
}
resource "authentik_application" "wiki" {
  name = "wiki"
  slug = "wiki"
}
resource "authentik_application" "guests" {
  provider = authentik.guests
  name     = "wiki"
  slug     = "wiki"
}
module "more" {
  source    = "../modules/app"
  providers = { authentik = authentik.guests }
}
#- tofu/modules/app/main.tf
resource "authentik_application" "this" {
  name = "wiki"
  slug = "wiki"
}
#- tofu/two/main.tf
resource "authentik_application" "wiki" {
  name = "wiki"
  slug = "wiki"
}
"#,
        );
    }

    #[test]
    fn slugs_that_are_unknown_or_of_applications_of_an_unknown_number_are_left_alone() {
        check_rule(
            "duplicate-application-slug",
            r#"
#- tofu/main.tf
variable "with_wiki" { type = bool }
variable "slug" { type = string }
resource "authentik_application" "wiki" {
  name = "wiki"
  slug = "wiki"
}
resource "authentik_application" "maybe" {
  count = var.with_wiki ? 0 : 1
  name  = "wiki"
  slug  = "wiki"
}
resource "authentik_application" "unknown" {
  name = "unknown"
  slug = var.slug
}
"#,
        );
    }
}
