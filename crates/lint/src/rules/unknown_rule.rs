//! A rule that nobody knows.

use diagnostic::did_you_mean;

use crate::{Findings, Repo};

crate::rule! {
    /// A comment, or `labtree.toml`, names a rule that does not exist.
    ///
    /// ## Why
    /// What it was meant for is reported all the same, or, once the rule has another name, nobody knows that the comment
    /// can go. rustc tells unknown names for the same reason
    /// ([`unknown_lints`](https://doc.rust-lang.org/rustc/lints/listing/warn-by-default.html#unknown-lints)).
    ///
    /// ## Fix
    /// `labtree rules` lists every id. The message names the nearest.
    ///
    /// ## Example
    /// ```text
    /// #- compose.yaml
    /// # labtree: allow(duplicate-yml-key): the reader gathers the values of one key
    /// #                ^^^^^^^^^^^^^^^^^ warning[unknown-rule]: unknown rule `duplicate-yml-key`, did you mean `duplicate-yaml-key`?
    /// a: 1
    /// ```
    ///
    /// With the id of a rule:
    /// ```text
    /// #- compose.yaml
    /// a: 1
    /// # labtree: allow(duplicate-yaml-key): the reader gathers the values of one key
    /// a: 2
    /// ```
    ///
    /// ## When to allow
    /// Never: a name without a rule allows nothing.
    "unknown-rule", Warning, Repository, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for id in repo.allows.iter().flat_map(|allow| &allow.ids) {
        let name = &id.name.value;
        if !repo.known.has(name) {
            let near = did_you_mean(name, repo.known.iter());
            findings
                .report(id.name.span, format!("unknown rule `{name}`{near}"))
                .help("`labtree rules` lists every id");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn each_unknown_id_of_a_list_is_told() {
        check(
            "
#- compose.yaml
a: 1
a: 2 # labtree: allow(nonsense, duplicate-yaml-key, yaml-tabb): the reader gathers the values of one key
#                     ^^^^^^^^ warning[unknown-rule]: unknown rule `nonsense`
#                                                   ^^^^^^^^^ warning[unknown-rule]: unknown rule `yaml-tabb`, did you mean `yaml-tab`?
",
        );
    }
}
