//! A file of OpenTofu that OpenTofu cannot read.

use crate::{Content, File, Findings, Kind, Repo};

crate::rule! {
    /// A file of OpenTofu is not written in OpenTofu's language.
    ///
    /// ## Why
    /// OpenTofu reads every file of a folder before it does anything, so one such file keeps the whole root from being
    /// planned. The language is described in
    /// [Syntax](https://opentofu.org/docs/language/syntax/configuration/). What stands before and behind the fault is
    /// judged all the same.
    ///
    /// Too deep nesting has an id of its own: `tofu-nesting`.
    ///
    /// ## Fix
    /// The message says what is wrong at the place, and the help what to type.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family
    /// #        ^ error[tofu-syntax]: this `"` is never closed
    /// }
    /// ```
    ///
    /// With its closing quote:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: what cannot be read has no place for a comment either. Add a file that is a template of another tool to
    /// `exclude` in `labtree.toml`.
    "tofu-syntax", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    // A file of values that shows what may be given is read by nobody.
    let is_read = |file: &&File| !(file.kind == Kind::Tfvars && file.is_shown());
    for file in repo.files.iter().filter(is_read) {
        if let Content::Hcl(parsed) = &file.content {
            parsed.found.iter().for_each(|fault| findings.pass_on(fault.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn several_faults_are_told_in_one_run() {
        check(
            "
#- tofu/main.tf
locals {
  a = [1, 2
  b = 3
# ^ error[tofu-syntax]: `,` or the next part of the expression has to stand here
}
resource authentik_group family
^^^^^^^^ error[tofu-syntax]: the block `resource` needs its `{` on this line
#- tofu/example.tfvars
address=192.0.2.x
#- tofu/terraform.tfvars
a = +
#   ^ error[tofu-syntax]: a value has to stand here, not `+`
",
        );
    }

    #[test]
    fn nesting_has_an_end() {
        let (open, close, before) = ("[".repeat(300), "]".repeat(300), " ".repeat(4 + 200));
        check(&format!(
            "
#- tofu/home.tfvars
a = {open}{close}
{before}^ error[tofu-nesting]: nested more than 200 levels deep
"
        ));
    }

    #[test]
    fn everything_that_the_language_has_is_left_alone() {
        check(
            "
#- tofu/main.tf
// a comment
locals {
  text = <<-EOT
    ${upper(\"a\")}
  EOT
  list = [for index, value in { b = 1, b = 2 } : value if index != \"a\"]
  deep = local.list[*].name
}
#- tofu/main.tofu
variable \"x\" { default = null }
",
        );
    }

    #[test]
    fn what_may_stand_in_an_unreadable_part_is_not_missed_there_and_is_elsewhere() {
        check(
            "
#- one/main.tf
output \"one\" { value = local.one }
#- one/locals.tf
locals { one = [
}
^ error[tofu-syntax]: a value has to stand here, not `}`
#- other/main.tf
output \"other\" { value = local.other }
#                        ^^^^^^^^^^^ error[undeclared-name]: there is no local value `other` in this module
",
        );
    }
}
