//! A chain of pictures that may end without one.

use crate::identity::avatars;
use crate::{Findings, Repo};

crate::rule! {
    /// The chain of avatars ends with a mode that may have no picture.
    ///
    /// ## Why
    /// Whoever has none gets the one static picture that everybody without gets
    /// ([`authentik/lib/avatars.py`](https://github.com/goauthentik/authentik/blob/main/authentik/lib/avatars.py)).
    ///
    /// ## Fix
    /// Write `,initials` behind it.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar,gravatar"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[avatar-chain-without-fallback]: the last avatar mode, `gravatar`, may have no picture
    /// # help: write `attributes.avatar,gravatar,initials`
    /// }
    /// ```
    ///
    /// With initials:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar,gravatar,initials"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the static picture is what you want.
    "avatar-chain-without-fallback", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for chain in repo.tofu.roots.iter().flat_map(avatars::chains) {
        let Some(last) = chain.modes.last().filter(|last| last.starts_with("attributes.") || *last == "gravatar")
        else {
            continue;
        };
        let message = format!("the last avatar mode, `{last}`, may have no picture");
        findings.report(chain.span, message).help(format!("write `{},initials`", chain.modes.join(",")));
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn modes_that_always_answer_are_left_alone() {
        for last in ["initials", "none", "https://avatars.example.org/x"] {
            let text = format!(
                "\n#- tofu/main.tf\nresource \"authentik_system_settings\" \"s\" {{ avatars = \"gravatar,{last}\" }}\n"
            );
            check_rule("avatar-chain-without-fallback", &text);
        }
    }
}
