//! A constraint that lets a provider for another server in.

use std::collections::BTreeSet;

use diagnostic::Severity;
use schema::{Constraint, Version};

use crate::tofu::{Pin, Root};
use crate::{Findings, Repo};

/// The last year that is tried.
const LAST_YEAR: u32 = 2099;

crate::rule! {
    /// The constraint on the authentik provider allows releases that are made for other servers.
    ///
    /// ## Why
    /// A provider is built against one release of the server, as in `2026.5`, and one that is newer than the server
    /// fails on answers that lack what it expects. `~> 2026.5` means "below 2027", so `tofu init -upgrade`, or `init`
    /// without a lock file, brings such a provider
    /// ([version constraints](https://opentofu.org/docs/language/expressions/version-constraints/)).
    ///
    /// ## Fix
    /// Write all three numbers: `~> 2026.5.0` allows 2026.5.1, and no 2026.8.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5"
    /// #               ^^^^^^^^^^^ warning[loose-provider-pin]: `~> 2026.5` allows authentik providers that are made for other servers
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// One release:
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When something else holds the version, such as a mirror with a single release.
    "loose-provider-pin", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        let Some(pin) = loosest(root, repo).filter(|pin| told.insert(pin.span)) else { continue };
        let (place, message) = match &pin.version {
            Some((text, _)) => {
                let said = format!("`{}` allows authentik providers that are made for other servers", text.value);
                (text.span, said)
            }
            None => (pin.span, "no version of the authentik provider is required".to_owned()),
        };
        let finding = findings.report(place, message).help(format!("write `version = \"{}\"`", tight(root)));
        if let Some(locked) = &root.provider.locked {
            finding.severity(Severity::Hint).related(locked.span, "the lock file holds it at this version");
        }
    }
}

/// The place to write a version: where the root says something, or else its first module. `None` where all of what is
/// said together allows a single release of the server.
fn loosest<'r>(root: &'r Root<'_>, repo: &Repo<'_>) -> Option<&'r Pin> {
    let pins = &root.provider.pins;
    // A version that cannot be read is told elsewhere.
    let is_unread = |pin: &Pin| pin.version.is_none() && repo.sources.slice(pin.span).contains("version");
    let constraints: Vec<_> =
        pins.iter().filter_map(|pin| pin.version.as_ref()).map(|(_, constraint)| constraint).collect();
    if pins.iter().any(is_unread) || !is_loose(&constraints) {
        return None;
    }
    pins.iter().find(|pin| pin.folder == root.resolved.module.folder).or(pins.first())
}

/// Whether the newest year that the constraints allow is open: nothing says which release in it is the last.
fn is_loose(constraints: &[&Constraint]) -> bool {
    let allows = |year: u32, month: u32| {
        let version = format!("{year}.{month}.0").parse().expect("it is a version");
        constraints.iter().all(|constraint| constraint.allows(&version))
    };
    let newest = (2022..=LAST_YEAR).rev().find(|year| allows(*year, 99));
    newest.is_some_and(|year| year == LAST_YEAR || !(1..=12).any(|month| allows(year + 1, month)))
}

/// The constraint on the release that is in use now.
fn tight(root: &Root<'_>) -> String {
    let newest = || root.releases().map(|releases| releases.newest().version());
    let version = root.provider.locked.as_ref().map(|locked| &locked.value).or_else(newest);
    let segments = version.map_or(&[2026, 5, 0][..], Version::segments);
    format!("~> {}.{}.0", segments[0], segments[1])
}

#[cfg(test)]
mod tests {
    use super::is_loose;
    use crate::tests::check_rule;

    #[test]
    fn a_constraint_without_a_last_release_is_loose() {
        for text in
            [">= 2026.5.0", "~> 2026.5", "~> 2026", "> 2025.10.1", ">= 2026.2, < 2027", "!= 2026.5.0", "< 2027.0.0"]
        {
            assert!(is_loose(&[&text.parse().unwrap()]), "{text}");
        }
        for text in ["2026.5.0", "= 2026.5.0", "~> 2026.5.0", ">= 2026.5.0, < 2026.6.0", "< 2026.9.0", "~> 2025.12.1"] {
            assert!(!is_loose(&[&text.parse().unwrap()]), "{text}");
        }
    }

    #[test]
    fn a_lock_file_holds_a_loose_constraint_for_now() {
        check_rule(
            "loose-provider-pin",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = { source = "goauthentik/authentik" }
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[loose-provider-pin]: no version of the authentik provider is required
# help: write `version = "~> 2026.2.0"`
  }
}
#- tofu/.terraform.lock.hcl
provider "registry.opentofu.org/goauthentik/authentik" {
  version = "2026.2.1"
#           ^^^^^^^^^^ related: the lock file holds it at this version
}
"#,
        );
    }

    #[test]
    fn a_module_may_be_open_where_its_root_is_not() {
        check_rule(
            "loose-provider-pin",
            r#"
#- tofu/home/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2026.5.0"
    }
    random = { source = "hashicorp/random" }
  }
}
module "app" { source = "../modules/app" }
#- tofu/modules/app/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2025.12"
    }
  }
}
"#,
        );
    }
}
