//! A way to a picture that authentik does not know.

use diagnostic::did_you_mean;

use crate::identity::avatars;
use crate::{Findings, Repo};

crate::rule! {
    /// The chain of avatars has a mode that authentik does not know.
    ///
    /// ## Why
    /// A mode that is not known is passed over without a word, and one with a blank before it is not known: the chain is
    /// split at commas, and nothing is trimmed
    /// ([`authentik/lib/avatars.py`](https://github.com/goauthentik/authentik/blob/main/authentik/lib/avatars.py)).
    ///
    /// ## Fix
    /// Write `attributes.…`, `gravatar`, `initials`, `none` or an address, with commas and no blanks between them.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar, initials"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unknown-avatar-mode]: the avatar mode ` initials` is not known: blanks count
    /// # help: write `attributes.avatar,initials`
    /// }
    /// ```
    ///
    /// Without blanks:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar,initials"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When your server knows more modes than authentik's.
    "unknown-avatar-mode", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for chain in repo.tofu.roots.iter().flat_map(avatars::chains) {
        let trimmed: Vec<&str> = chain.modes.iter().map(|mode| mode.trim()).collect();
        for mode in &chain.modes {
            let is_word = |mode: &str| ["gravatar", "initials", "none"].contains(&mode) || mode.contains("://");
            let is_path = |mode: &str| mode.strip_prefix("attributes.").is_some_and(|path| !path.is_empty());
            if is_word(mode) || is_path(mode) {
                continue;
            }
            let bare = mode.trim();
            let (why, help) = match bare != mode && (is_word(bare) || is_path(bare)) {
                true => (": blanks count".to_owned(), format!("write `{}`", trimmed.join(","))),
                false => {
                    let near = did_you_mean(bare, ["gravatar", "initials", "none"]);
                    (near, "write `attributes.…`, `gravatar`, `initials`, `none` or an address".to_owned())
                }
            };
            findings.report(chain.span, format!("the avatar mode `{mode}` is not known{why}")).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn addresses_and_what_is_unknown_are_left_alone() {
        check_rule(
            "unknown-avatar-mode",
            r#"
#- tofu/main.tf
variable "avatars" { type = string }
resource "authentik_system_settings" "settings" {
  avatars = "attributes.a.b,gravatar,https://avatars.example.org/%(username)s"
}
resource "authentik_system_settings" "unknown" {
  avatars = var.avatars
}
resource "authentik_system_settings" "slip" {
  avatars = "gravatr,none"
#           ^^^^^^^^^^^^^^ error[unknown-avatar-mode]: the avatar mode `gravatr` is not known, did you mean `gravatar`?
}
"#,
        );
    }
}
