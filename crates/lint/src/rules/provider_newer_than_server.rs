//! A provider that is newer than the server.

use std::collections::BTreeSet;

use diagnostic::Span;
use expression::ServerVersion;
use schema::Version;

use crate::tofu::Root;
use crate::{Findings, Repo};

crate::rule! {
    /// The authentik provider is newer than the server that the repository runs.
    ///
    /// ## Why
    /// The provider refuses an answer in which a field is missing that its own release requires, so the next plan
    /// fails while it refreshes
    /// ([goauthentik/terraform-provider-authentik#920](https://github.com/goauthentik/terraform-provider-authentik/issues/920)).
    ///
    /// ## Fix
    /// Upgrade the server first, one release after the other, and then the provider; or pin the provider to the
    /// server's release.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    /// #               ^^^^^^^^^^^^^ warning[provider-newer-than-server]: the authentik provider is newer than the server, which is `2026.2`
    ///     }
    ///   }
    /// }
    /// #- flux/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata:
    ///   name: authentik
    /// spec:
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.2.3
    ///       #        ^^^^^^^^ related: the server is installed from this chart
    /// ```
    ///
    /// Of one release:
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
    /// #- flux/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata:
    ///   name: authentik
    /// spec:
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.5.2
    /// ```
    ///
    /// ## When to allow
    /// When the root is for another server than the one in this repository.
    "provider-newer-than-server", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(chart) = &repo.tofu.server.chart else { return };
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        let Some(place) = newer_than(root, chart.value).filter(|place| told.insert(*place)) else { continue };
        let server = chart.value;
        let message = format!("the authentik provider is newer than the server, which is `{server}`");
        let finding = findings.report(place, message).related(chart.span, "the server is installed from this chart");
        finding.help(format!("upgrade the server first, or write `version = \"~> {server}.0\"`"));
    }
}

/// What makes every provider that `root` may run with newer than `server`: its lock file, or else a constraint.
fn newer_than(root: &Root<'_>, server: ServerVersion) -> Option<Span> {
    let next: Version = format!("{}.{}.0", server.year, server.month + 1).parse().expect("it is a version");
    if let Some(locked) = &root.provider.locked {
        return (locked.value >= next).then_some(locked.span);
    }
    let mut versions = root.provider.pins.iter().filter_map(|pin| pin.version.as_ref());
    versions.find(|(_, constraint)| constraint.allows_only_from(&next)).map(|(text, _)| text.span)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_lock_file_decides() {
        check_rule(
            "provider-newer-than-server",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2025.8"
    }
  }
}
#- tofu/.terraform.lock.hcl
provider "registry.opentofu.org/goauthentik/authentik" {
  version = "2026.2.0"
#           ^^^^^^^^^^ warning[provider-newer-than-server]: the authentik provider is newer than the server, which is `2025.12`
# help: upgrade the server first, or write `version = "~> 2025.12.0"`
}
#- flux/authentik.yaml
kind: HelmRelease
spec:
  chart:
    spec:
      chart: authentik
      version: 2025.12.4
      #        ^^^^^^^^^ related: the server is installed from this chart
"#,
        );
    }

    #[test]
    fn a_constraint_that_the_servers_release_fits_is_left_alone() {
        check_rule(
            "provider-newer-than-server",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2025.8"
    }
  }
}
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: 2025.12.4 } } }
"#,
        );
    }

    #[test]
    fn without_a_chart_nothing_is_known() {
        check_rule(
            "provider-newer-than-server",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2026.5.0"
    }
  }
}
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: ">=2025.0.0" } } }
"#,
        );
    }
}
