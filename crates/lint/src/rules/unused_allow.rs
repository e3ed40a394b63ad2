//! A comment that allows what nobody does.

use std::sync::atomic::Ordering::Relaxed;

use crate::allow::Scope;
use crate::{Findings, Repo};

crate::rule! {
    /// A comment allows a rule to be broken, and nothing there breaks it.
    ///
    /// ## Why
    /// It was about something that has been mended since, or it stands at the wrong place. Left where it is, it hides
    /// the next finding, which nobody has judged
    /// ([ESLint](https://eslint.org/docs/latest/use/configure/rules) and others
    /// report such comments for that).
    ///
    /// ## Fix
    /// Delete the comment, or the one id that is not needed. If the finding is still there, the comment must stand on
    /// the line that the finding's arrow points at, or right above it without a blank line between; in a rendered file
    /// that is the line of `inventory.yaml`.
    ///
    /// ## Example
    /// ```text
    /// #- compose.yaml
    /// # labtree: allow(duplicate-yaml-key): the reader gathers the values of one key
    /// #                ^^^^^^^^^^^^^^^^^^ warning[unused-allow]: nothing here breaks `duplicate-yaml-key`
    /// a: 1
    /// b: 2
    /// ```
    ///
    /// Where it is needed:
    /// ```text
    /// #- compose.yaml
    /// a: 1
    /// # labtree: allow(duplicate-yaml-key): the reader gathers the values of one key
    /// a: 2
    /// ```
    ///
    /// ## When to allow
    /// When the comment is needed on some machines only, in a file that is made there for instance: turn the rule off
    /// in `labtree.toml`.
    "unused-allow", Warning, Repository, check
}

/// Runs when everything else has been settled. A rule that is off finds nothing anywhere, so nothing is said of it.
/// The same goes for a repository that could not be read as a whole.
fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    if !repo.is_complete {
        return;
    }
    for allow in repo.allows {
        for id in allow.ids.iter().filter(|id| !id.used.load(Relaxed)) {
            let name = &id.name.value;
            if !repo.known.has(name) || repo.levels.get(name) == Some(&None) {
                continue;
            }
            let (message, help) = match allow.scope {
                Scope::Nothing => {
                    (format!("this allows `{name}` on no line"), "delete the blank line behind the comment")
                }
                Scope::Line(_) => (format!("nothing here breaks `{name}`"), "delete the comment"),
                Scope::File => (format!("nothing in this file breaks `{name}`"), "delete the comment"),
            };
            findings.report(id.name.span, message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn behind_the_code_above_it_and_at_the_head_of_the_file_it_counts() {
        check("#- a.yaml\na: 1\na: 2 # labtree: allow(duplicate-yaml-key): gathered\n");
        check("#- a.yaml\na: 1\n# labtree: allow(duplicate-yaml-key): gathered\n# and more words\na: 2\n");
        check("#- a.yaml\n# A file.\n# labtree: allow(duplicate-yaml-key): gathered\n\na: 1\na: 2\nb: 1\nb: 2\n");
        check("#- a.yaml\n---\n# labtree: allow(duplicate-yaml-key): gathered\n\na: 1\na: 2\n");
    }

    #[test]
    fn elsewhere_it_does_not_count() {
        check(
            "
#- a.yaml
a: 1 # labtree: allow(duplicate-yaml-key): on the line above
#                     ^^^^^^^^^^^^^^^^^^ warning[unused-allow]: nothing here breaks `duplicate-yaml-key`
a: 2
^ warning[duplicate-yaml-key]: `a` is written twice
# labtree: allow(duplicate-yaml-key): with a blank line behind
#                ^^^^^^^^^^^^^^^^^^ warning[unused-allow]: this allows `duplicate-yaml-key` on no line
# help: delete the blank line behind the comment

a: 3
^ warning[duplicate-yaml-key]: `a` is written twice
#- b.yaml
# labtree: allow(duplicate-yaml-key): in another file
#                ^^^^^^^^^^^^^^^^^^ warning[unused-allow]: nothing in this file breaks `duplicate-yaml-key`

a: 1
",
        );
    }

    #[test]
    fn each_id_of_a_list_must_be_needed() {
        check(
            "
#- a.yaml
a: 1
# labtree: allow(duplicate-yaml-key, yaml-tab): gathered
#                                    ^^^^^^^^ warning[unused-allow]: nothing here breaks `yaml-tab`
a: 2
",
        );
    }

    #[test]
    fn in_a_text_inside_a_text_it_is_a_comment_too_but_not_in_quotes() {
        check(
            r##"
#- a.yaml
policy: |
  x = "# labtree: allow(yaml-tab): quoted"
  # labtree: allow(yaml-tab): python
  #                ^^^^^^^^ warning[unused-allow]: nothing here breaks `yaml-tab`
  return True
#- b.py
"""
# labtree: allow(yaml-tab): quoted
"""
return True  # labtree: allow(yaml-tab): python
#                             ^^^^^^^^ warning[unused-allow]: nothing here breaks `yaml-tab`
"##,
        );
    }

    #[test]
    fn where_a_file_cannot_be_read_nothing_is_said() {
        check(
            "#- a.yaml\n# labtree: allow(duplicate-yaml-key): gathered\na: 1\n#- b.yaml\na: [\n#  ^ error[yaml-syntax]: this `[` is never closed\n",
        );
    }
}
