//! A way to a picture that is never tried.

use crate::identity::avatars;
use crate::{Findings, Repo};

crate::rule! {
    /// The chain of avatars has a mode behind one that always answers.
    ///
    /// ## Why
    /// The modes are tried from the left, and `initials` and `none` always have an answer, before 2025.12 addresses too
    /// ([`authentik/lib/avatars.py`](https://github.com/goauthentik/authentik/blob/main/authentik/lib/avatars.py)): what
    /// stands behind them is never tried.
    ///
    /// ## Fix
    /// Put it before them.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "initials,attributes.avatar"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[avatar-mode-unreachable]: `attributes.avatar` is never tried, since `initials` always answers
    /// }
    /// ```
    ///
    /// The other way round:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar,initials"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: take the mode out.
    "avatar-mode-unreachable", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for chain in repo.tofu.roots.iter().flat_map(avatars::chains) {
        let Some(at) = chain.modes.iter().position(|mode| avatars::always_answers(mode, &repo.tofu.server)) else {
            continue;
        };
        for mode in &chain.modes[at + 1..] {
            let message = format!("`{mode}` is never tried, since `{}` always answers", chain.modes[at]);
            findings.report(chain.span, message).help(format!("put it before `{}`", chain.modes[at]));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_may_have_no_picture_hides_nothing() {
        check_rule(
            "avatar-mode-unreachable",
            "\n#- tofu/main.tf\nresource \"authentik_system_settings\" \"s\" { avatars = \"gravatar,attributes.a,none\" }\n",
        );
    }

    #[test]
    fn an_address_answers_always_on_old_servers_only() {
        let release = |version: &str| {
            format!(
                "
#- flux/authentik.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: authentik }}
spec:
  chart:
    spec: {{ chart: authentik, version: {version} }}
"
            )
        };
        let settings = "#- tofu/main.tf
resource \"authentik_system_settings\" \"s\" {
  avatars = \"https://avatars.example.org/%(mail_hash)s,initials\"
";
        let told = "#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[avatar-mode-unreachable]: `initials` is never tried, since `https://avatars.example.org/%(mail_hash)s` always answers
";
        check_rule("avatar-mode-unreachable", &format!("{}{settings}{told}}}\n", release("2025.10.0")));
        check_rule("avatar-mode-unreachable", &format!("{}{settings}}}\n", release("2025.12.1")));
        check_rule("avatar-mode-unreachable", &format!("\n{settings}}}\n"));
    }
}
