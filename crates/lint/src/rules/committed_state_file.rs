//! A state of OpenTofu that lies in the repository.

use crate::{Findings, Kind, Repo};

crate::rule! {
    /// A state of OpenTofu lies in the repository, and `.gitignore` does not keep it out.
    ///
    /// ## Why
    /// A state holds every attribute of every resource in plain text, passwords and keys among them, and whoever
    /// clones the repository has them. Two people who apply from two copies of it overwrite each other's resources.
    /// OpenTofu says so itself: [Sensitive data in state](https://opentofu.org/docs/language/state/sensitive-data/).
    ///
    /// ## Fix
    /// Keep the state in a backend. Take the file out of git with `git rm --cached terraform.tfstate`, and add
    /// `*.tfstate` and `*.tfstate.*` to `.gitignore`. What was pushed once is known to others: change the secrets.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "random_password" "grafana" {
    ///   length = 32
    /// }
    /// #- tofu/terraform.tfstate
    /// ^ error[committed-state-file]: `tofu/terraform.tfstate` is a state of OpenTofu, and nothing keeps it out of git
    /// ```
    ///
    /// With a backend, and no file:
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   backend "pg" {}
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the file is encrypted, by OpenTofu's own state encryption for instance: it has no place for a comment, so
    /// add its path to `exclude` in `labtree.toml`.
    "committed-state-file", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for file in repo.files.of(Kind::State) {
        let message = format!("`{}` is a state of OpenTofu, and nothing keeps it out of git", file.path);
        let help = format!("add it to `.gitignore`, and run `git rm --cached {}`", file.path);
        findings.report(file.start(), message).help(help);
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn copies_of_a_state_are_states() {
        check(
            "
#- terraform.tfstate.backup
^ error[committed-state-file]: `terraform.tfstate.backup` is a state of OpenTofu, and nothing keeps it out of git
# help: add it to `.gitignore`, and run `git rm --cached terraform.tfstate.backup`
#- old/errored.tfstate
^ error[committed-state-file]: `old/errored.tfstate` is a state of OpenTofu, and nothing keeps it out of git
",
        );
    }

    #[test]
    fn a_page_about_states_is_left_alone() {
        check("#- docs/terraform.tfstate.md\n# States\n");
    }
}
