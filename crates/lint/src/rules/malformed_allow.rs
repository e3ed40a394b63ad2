//! A comment to labtree that is not written as it must be.

use crate::allow::Fault;
use crate::{Findings, Repo};

crate::rule! {
    /// A comment that begins with `labtree:` is not `labtree: allow(RULE): WHY`.
    ///
    /// ## Why
    /// A comment that looks as if it allowed something, and does not, hides nothing and misleads its reader. One
    /// without a reason cannot be judged by the next person, who must then find out again whether it may go; linters
    /// that ask for one say the same
    /// ([clippy](https://rust-lang.github.io/rust-clippy/master/index.html#allow_attributes_without_reason)).
    ///
    /// ## Fix
    /// Write `# labtree: allow(RULE): WHY` behind the code, on the lines above it, or in the comment at the head of a
    /// file for the whole file. Several rules have commas between them.
    ///
    /// ## Example
    /// ```text
    /// #- compose.yaml
    /// a: 1
    /// a: 2 # labtree: allow(duplicate-yaml-key)
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: this allows `duplicate-yaml-key` and does not say why
    /// b: 3 # labtree: ignore duplicate-yaml-key
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: labtree does not understand this comment
    /// ```
    ///
    /// With a reason:
    /// ```text
    /// #- compose.yaml
    /// a: 1
    /// a: 2 # labtree: allow(duplicate-yaml-key): the reader gathers the values of one key
    /// ```
    ///
    /// ## When to allow
    /// Never: delete the comment, or write it out.
    "malformed-allow", Warning, Repository, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for allow in repo.allows {
        let Some(fault) = allow.fault else { continue };
        let names: Vec<_> = allow.ids.iter().map(|id| id.name.value.as_str()).collect();
        let (message, help) = match fault {
            Fault::Form => ("labtree does not understand this comment".to_owned(), "allow(RULE): WHY".to_owned()),
            Fault::NoRule => ("this names no rule".to_owned(), "allow(RULE): WHY".to_owned()),
            Fault::NoReason => (
                format!("this allows `{}` and does not say why", names.join("`, `")),
                format!("allow({}): WHY", names.join(", ")),
            ),
        };
        findings.report(allow.span, message).help(format!("write `# labtree: {help}`"));
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn a_comment_without_a_reason_still_allows() {
        check(
            "
#- compose.yaml
a: 1
# labtree: allow(duplicate-yaml-key):
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: this allows `duplicate-yaml-key` and does not say why
# help: write `# labtree: allow(duplicate-yaml-key): WHY`
a: 2
",
        );
    }

    #[test]
    fn what_is_not_allow_is_told() {
        check(
            "
#- compose.yaml
a: 1 # labtree: alow(duplicate-yaml-key): why
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: labtree does not understand this comment
# help: write `# labtree: allow(RULE): WHY`
b: 1 # labtree: allow(duplicate-yaml-key
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: labtree does not understand this comment
c: 1 # labtree: allow( , ): why
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[malformed-allow]: this names no rule
",
        );
    }

    #[test]
    fn a_comment_about_labtree_is_left_alone() {
        check("#- a.yaml\n# rendered by labtree: see templates\na: '# labtree: alow'\n");
    }
}
