//! A provider that is older than the server by more than one release.

use std::collections::BTreeSet;

use diagnostic::Span;
use expression::ServerVersion;
use schema::{Provider, Version};

use crate::tofu::{Root, release_of};
use crate::{Findings, Repo};

crate::rule! {
    /// The authentik provider is two or more releases behind the server.
    ///
    /// ## Why
    /// Each release of the server may answer with values that an older provider does not know, or ask for fields that
    /// it does not send; the further apart they are, the sooner a refresh fails
    /// ([goauthentik/terraform-provider-authentik#912](https://github.com/goauthentik/terraform-provider-authentik/issues/912)).
    ///
    /// ## Fix
    /// Pin the provider to the server's release, or to the newest one that there is.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2025.12.0"
    /// #               ^^^^^^^^^^^^^^ hint[provider-far-behind-server]: the authentik provider is `2025.12` at most, 2 releases behind the server, which is `2026.5`
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
    ///       #        ^^^^^^^^ related: the server is installed from this chart
    /// ```
    ///
    /// Side by side:
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
    /// When a newer provider has a fault that you wait for to be mended.
    "provider-far-behind-server", Hint, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(chart) = &repo.tofu.server.chart else { return };
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        let Some((version, place)) = newest(root) else { continue };
        let Some(provider) = release_of(&version) else { continue };
        let behind = releases_between(provider, chart.value);
        if behind < 2 || !told.insert(place) {
            continue;
        }
        let server = chart.value;
        let message = format!(
            "the authentik provider is `{provider}` at most, {behind} releases behind the server, which is `{server}`"
        );
        let finding = findings.report(place, message).related(chart.span, "the server is installed from this chart");
        let known = Provider::authentik().releases().filter_map(|known| release_of(known.version()));
        let best = known.filter(|known| *known <= server).max();
        if let Some(best) = best {
            finding.help(format!("write `version = \"~> {best}.0\"`, and run `tofu init -upgrade`"));
        }
    }
}

/// The newest provider that `root` may run with, and what says so.
fn newest(root: &Root<'_>) -> Option<(Version, Span)> {
    if let Some(locked) = &root.provider.locked {
        return Some((locked.value.clone(), locked.span));
    }
    let newest = root.releases()?.newest().version();
    let pins = &root.provider.pins;
    let of_root = pins.iter().filter(|pin| pin.folder == root.resolved.module.folder);
    let (text, _) = of_root.chain(pins).find_map(|pin| pin.version.as_ref())?;
    Some((newest.clone(), text.span))
}

/// How many releases of the server came after `provider`, up to `server`: those that a provider was made for, and the
/// server's own where there is no provider for it yet.
fn releases_between(provider: ServerVersion, server: ServerVersion) -> usize {
    let known = Provider::authentik().releases().filter_map(|known| release_of(known.version()));
    let mut releases: BTreeSet<_> = known.collect();
    releases.insert(server);
    releases.into_iter().filter(|release| *release > provider && *release <= server).count()
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    /// A root with that lock file, beside a server of that version.
    fn repository(locked: &str, chart: &str) -> String {
        format!(
            r#"
#- tofu/main.tf
terraform {{
  required_providers {{
    authentik = {{ source = "goauthentik/authentik" }}
  }}
}}
#- tofu/.terraform.lock.hcl
provider "registry.opentofu.org/goauthentik/authentik" {{
  {locked}
}}
#- flux/authentik.yaml
kind: HelmRelease
spec:
  chart:
    spec:
      chart: authentik
      {chart}
"#
        )
    }

    #[test]
    fn a_lock_file_that_was_forgotten_is_reported() {
        let locked = r#"version = "2025.12.1"
#           ^^^^^^^^^^^ hint[provider-far-behind-server]: the authentik provider is `2025.12` at most, 3 releases behind the server, which is `2026.8`
# help: write `version = "~> 2026.5.0"`, and run `tofu init -upgrade`"#;
        let chart = "version: 2026.8.0
      #        ^^^^^^^^ related: the server is installed from this chart";
        check_rule("provider-far-behind-server", &repository(locked, chart));
    }

    #[test]
    fn one_release_behind_is_left_alone() {
        for (provider, chart) in [("2026.5.0", "2026.8.0"), ("2026.2.1", "2026.5.2"), ("2026.5.0", "2025.12.1")] {
            let repository = repository(&format!("version = \"{provider}\""), &format!("version: {chart}"));
            check_rule("provider-far-behind-server", &repository);
        }
    }

    #[test]
    fn a_constraint_that_allows_newer_ones_and_a_server_without_a_version_are_left_alone() {
        let open = r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2024.8"
    }
  }
}
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: 2026.5.2 } } }
"#;
        check_rule("provider-far-behind-server", open);
        let unknown = open.replace(">= 2024.8", "~> 2024.8.0").replace(", version: 2026.5.2", "");
        check_rule("provider-far-behind-server", &unknown);
    }
}
