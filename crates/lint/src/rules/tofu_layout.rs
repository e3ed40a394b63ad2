//! A file of OpenTofu that `tofu fmt` would lay out anew.

use std::collections::BTreeSet;

use diagnostic::{Sources, Span};
use syntax::hcl;

use crate::allow::Allowed;
use crate::{Content, File, Files, Findings, Repo, Written, allows};

crate::rule! {
    /// A file of OpenTofu is not laid out as `tofu fmt` lays it out.
    ///
    /// ## Why
    /// The next person whose editor formats on save has a change of every line in their commit, and the one line that
    /// matters is not seen. [`tofu fmt`](https://opentofu.org/docs/cli/commands/fmt/) knows one layout and has no
    /// settings.
    ///
    /// ## Fix
    /// Run `labtree fmt`, which lays every file out as `tofu fmt` does; with `--check --diff` it only shows what would
    /// change.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family"
    /// # ^^^^^^^^^^^^^^^ hint[tofu-layout]: `tofu fmt` lays this file out anew from here on
    ///   is_superuser = false
    /// }
    /// ```
    ///
    /// With the equals signs below each other:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name         = "family"
    ///   is_superuser = false
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When another tool writes the file: `# labtree: allow(tofu-layout): …` at its head. `labtree fmt` leaves it alone
    /// then.
    "tofu-layout", Hint, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for file in repo.files.iter().filter(|file| file.kind.is_laid_out() && file.faults().is_empty()) {
        let Some(place) = first_place(repo.sources, file) else { continue };
        findings
            .report(place, "`tofu fmt` lays this file out anew from here on")
            .help(format!("run `labtree fmt {}`", file.path));
    }
}

/// Whether a comment in the file `written`, which is not laid out as `tofu fmt` does, allows that.
pub fn keeps_its_layout(sources: &Sources, written: Written) -> bool {
    let id = written.id;
    let files = Files::read(sources, [written], BTreeSet::new());
    let place = files.by_id(id).and_then(|file| first_place(sources, file));
    place.is_some_and(|place| Allowed::of(sources, &allows(sources, &files)).allows(RULE.id, place))
}

/// The first place in a file that is laid out otherwise.
fn first_place(sources: &Sources, file: &File) -> Option<Span> {
    let Content::Hcl(parsed) = &file.content else { return None };
    let text = &sources.get(file.id).text;
    let line = first_difference(text, &hcl::layout(text, &parsed.body))?;
    let place = sources.line(file.id, line).unwrap_or_else(|| file.start());
    Some(without_indentation(place, sources.slice(place)))
}

/// The line, from 1, in which the two texts first differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.split_inclusive('\n').zip(other.split_inclusive('\n')).take_while(|(one, other)| one == other);
    Some(same.count() + 1)
}

fn without_indentation(mut span: Span, text: &str) -> Span {
    let indentation = text.len() - text.trim_start().len();
    span.start += u32::try_from(indentation).unwrap_or_default();
    span
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn values_are_laid_out_too() {
        check(
            "
#- tofu/home.tfvars
domain   = \"example.org\"
^^^^^^^^^^^^^^^^^^^^^^^^ hint[tofu-layout]: `tofu fmt` lays this file out anew from here on
",
        );
    }

    #[test]
    fn tests_of_a_module_are_laid_out_too() {
        check(
            "
#- tofu/tests/groups.tftest.hcl
run   \"plan\" {}
^^^^^^^^^^^^^^^ hint[tofu-layout]: `tofu fmt` lays this file out anew from here on
",
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_judged_by_its_looks() {
        check(
            "
#- tofu/home.tfvars
a=[ b
# ^ error[tofu-syntax]: this `[` is never closed
",
        );
    }

    #[test]
    fn an_empty_file_and_the_lock_file_are_left_alone() {
        check("#- tofu/main.tf\n#- tofu/.terraform.lock.hcl\nprovider  \"a\" {\nversion=\"1\"\n}\n");
    }
}
