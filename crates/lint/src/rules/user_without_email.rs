//! A person who cannot be sent the link that resets a password.

use std::collections::BTreeSet;

use resolve_tofu::Instance;

use crate::identity::applications::{are_of_one_server, everywhere};
use crate::identity::people::USER;
use crate::tofu::{Root, place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A person is declared without an e-mail address, and there is a recovery flow that mails a link.
    ///
    /// ## Why
    /// To somebody without an address the e-mail stage cannot write, and the flow ends on an error page
    /// ([`authentik/stages/email/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/email/stage.py)):
    /// they have no way back in, and a stranger sees from the page that the account exists.
    ///
    /// ## Fix
    /// Write `email`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_user" "alex" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[user-without-email]: `authentik_user.alex` has no e-mail address, so nobody can reset their password
    ///   username = "alex"
    ///   name     = "Alex"
    /// }
    ///
    /// resource "authentik_flow" "recovery" {
    /// #        ^^^^^^^^^^^^^^^^ related: this flow mails a link
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_email" "recovery" {
    ///   name = "recovery"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "recovery" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_email.recovery.id
    ///   order  = 20
    /// }
    /// ```
    ///
    /// With an address:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///   name     = "Alex"
    ///   email    = "alex@example.org"
    /// }
    ///
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_email" "recovery" {
    ///   name = "recovery"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "recovery" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_email.recovery.id
    ///   order  = 20
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When an administrator resets their password, or they log in by a source.
    "user-without-email", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let flows: Vec<_> = repo.tofu.roots.iter().flat_map(mailing).collect();
    let mut told = BTreeSet::new();
    for (_, user) in everywhere(&repo.tofu.roots, USER) {
        let is_person = matches!(text_or(user, "type", "internal"), Some("internal" | "external"));
        if !is_person || text_or(user, "email", "") != Some("") {
            continue;
        }
        let Some(flow) = flows.iter().find(|flow| are_of_one_server(flow, user, repo.tofu.modules)) else { continue };
        let place = place(user, "email");
        if told.insert(place) {
            let message = format!("`{}` has no e-mail address, so nobody can reset their password", user.address());
            let finding = findings.report(place, message).help("write `email = \"…\"`");
            finding.related(flow.resource.kind.span, "this flow mails a link");
        }
    }
}

/// The recovery flows of `root` that mail something.
fn mailing<'r, 'a>(root: &'r Root<'a>) -> impl Iterator<Item = &'r Instance<'a>> {
    let stages = root.stage_bindings();
    root.flows("recovery").filter(move |flow| {
        let mails = |kind: &str| kind == "authentik_stage_email";
        let of_flow = stages.iter().filter(|one| one.flow.is(flow) && one.instance.certain);
        of_flow.filter_map(|one| one.stage.instance()).any(|stage| mails(stage.kind()))
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const RECOVERY: &str = r#"
resource "authentik_flow" "recovery" {
  slug        = "recovery"
  designation = "recovery"
}
resource "authentik_stage_email" "recovery" { name = "recovery" }
resource "authentik_flow_stage_binding" "recovery" {
  target = authentik_flow.recovery.uuid
  stage  = authentik_stage_email.recovery.id
  order  = 20
}
"#;

    #[test]
    fn machines_unknown_and_ignored_addresses_are_left_alone() {
        let users = r#"
#- tofu/main.tf
variable "email" { type = string }
resource "authentik_user" "bind" {
  username = "bind"
  type     = "service_account"
}
resource "authentik_user" "unknown" {
  username = "unknown"
  email    = var.email
}
resource "authentik_user" "own" {
  username = "own"
  lifecycle { ignore_changes = [email] }
}
"#;
        check_rule("user-without-email", &format!("{users}{RECOVERY}"));
    }

    #[test]
    fn without_a_flow_that_mails_nothing_is_said() {
        check_rule(
            "user-without-email",
            r#"
#- tofu/main.tf
resource "authentik_user" "alex" { username = "alex" }
resource "authentik_flow" "recovery" {
  slug        = "recovery"
  designation = "recovery"
}
"#,
        );
    }

    #[test]
    fn an_empty_address_is_told_at_its_entry() {
        let users = r#"
#- tofu/main.tf
locals {
  people = { alex = "alex@example.org", robin = "" }
#                                               ^^ hint[user-without-email]: `authentik_user.people["robin"]` has no e-mail address, so nobody can reset their password
}
resource "authentik_user" "people" {
  for_each = local.people
  username = each.key
  email    = each.value
}
"#;
        let marked = RECOVERY.replace(
            "resource \"authentik_flow\" \"recovery\" {",
            "resource \"authentik_flow\" \"recovery\" {\n#        ^^^^^^^^^^^^^^^^ related: this flow mails a link",
        );
        check_rule("user-without-email", &format!("{users}{marked}"));
    }
}
