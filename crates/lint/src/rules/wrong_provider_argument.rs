//! An argument with a value that the authentik provider does not take.

use diagnostic::{Severity, Span, did_you_mean};
use resolve_tofu::{Argument, Instance, Mode, Value};
use schema::{Allowed, Attribute, Kind, Release};

use crate::tofu::type_of;
use crate::{Findings, Repo};

crate::rule! {
    /// An argument has a value of another type than the authentik provider takes, or none of the values it takes.
    ///
    /// ## Why
    /// `tofu plan` refuses a wrong type, and a word that is none of an argument's values, but only once the provider is
    /// installed. Types and words are read from the sources of each release
    /// ([`pkg/provider`](https://github.com/goauthentik/terraform-provider-authentik/tree/main/pkg/provider)). OpenTofu
    /// converts where it can, as from `"10"` to a number, and this rule does too.
    ///
    /// ## Fix
    /// Write one of the values that the message names.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   name        = "Enrollment"
    ///   title       = "Welcome"
    ///   slug        = "enrollment"
    ///   designation = "enrolment"
    /// #               ^^^^^^^^^^^ error[wrong-provider-argument]: `designation` of `authentik_flow` cannot be `enrolment`, did you mean `enrollment`?
    /// }
    /// ```
    ///
    /// As authentik spells it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   name        = "Enrollment"
    ///   title       = "Welcome"
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you run a provider that you build yourself.
    "wrong-provider-argument", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let Some(releases) = root.releases() else { continue };
        for instance in &root.resolved.instances {
            let kind = match instance.resource.mode {
                Mode::Managed => Kind::Resource,
                Mode::Data => Kind::DataSource,
                Mode::Ephemeral => continue,
            };
            for argument in &instance.content.arguments {
                judge(releases, kind, instance, argument, findings);
            }
        }
    }
}

/// A fault in every release is an error, one in the newest alone a warning.
fn judge(
    releases: &Allowed<'static>,
    kind: Kind,
    instance: &Instance<'_>,
    argument: &Argument<'_>,
    findings: &mut Findings<'_>,
) {
    let name = argument.name.value.as_str();
    let attribute = |release: Release<'static>| release.attribute(kind, instance.kind(), name);
    let newest = releases.newest();
    let Some((reason, help, place)) =
        attribute(newest).and_then(|found| fault(found, instance.kind(), name, &argument.value))
    else {
        return;
    };
    let is_wrong =
        |release| attribute(release).is_none_or(|found| fault(found, instance.kind(), name, &argument.value).is_some());
    let finding = findings.report(place.unwrap_or_else(|| argument.origin()), reason).help(help);
    if !releases.releases().all(is_wrong) {
        finding.severity(Severity::Warning).label(format!("so it is in the provider {}", newest.version()));
    }
}

/// What is wrong with `value`, what to write instead, and where the word stands that is wrong.
fn fault(attribute: &Attribute, kind: &str, name: &str, value: &Value) -> Option<(String, String, Option<Span>)> {
    if value.is_null() {
        return None;
    }
    let of = &attribute.type_expression;
    if let Some(misfit) = value.misfit(&type_of(of)) {
        let message = format!("`{name}` of `{kind}` takes `{of}`: {misfit}");
        return Some((message, format!("write a value of the type `{of}`"), None));
    }
    let values = &attribute.values;
    let words = value.as_elements().unwrap_or(std::slice::from_ref(value));
    let is_wrong = |word: &&Value| word.as_text().is_some_and(|word| !values.iter().any(|known| known == word));
    let wrong = words.iter().find(is_wrong).filter(|_| !values.is_empty())?;
    let word = wrong.as_text()?;
    let message = format!("`{name}` of `{kind}` cannot be `{word}`");
    let (near, help) = match values.len() {
        many if many > 12 => {
            (String::new(), format!("it has {many} values, which the documentation of the provider lists"))
        }
        _ => {
            let near = did_you_mean(word, values.iter().map(String::as_str));
            (near, format!("it is one of `{}`", values.join("`, `")))
        }
    };
    Some((message + &near, help, wrong.made_by()))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_wrong_type_is_told_where_the_value_is_written() {
        check_rule(
            "wrong-provider-argument",
            r#"
#- tofu/main.tf
locals {
  groups = {
    family = { superuser = "maybe" }
#                          ^^^^^^^ error[wrong-provider-argument]: `is_superuser` of `authentik_group` takes `bool`: a boolean is required, and this is text
  }
}
resource "authentik_group" "all" {
  for_each     = local.groups
  name         = each.key
  is_superuser = each.value.superuser
  parents      = "admins"
#                ^^^^^^^^ error[wrong-provider-argument]: `parents` of `authentik_group` takes `list(string)`: a list is required, and this is text
}
"#,
        );
    }

    #[test]
    fn a_word_in_a_list_is_told_too() {
        check_rule(
            "wrong-provider-argument",
            r#"
#- tofu/main.tf
resource "authentik_policy_geoip" "home" {
  name      = "home"
  countries = ["AT", "UK"]
#                    ^^^^ error[wrong-provider-argument]: `countries` of `authentik_policy_geoip` cannot be `UK`
# help: it has 249 values, which the documentation of the provider lists
}
"#,
        );
    }

    #[test]
    fn what_opentofu_converts_and_what_is_unknown_is_left_alone() {
        check_rule(
            "wrong-provider-argument",
            r#"
#- tofu/main.tf
variable "designation" { type = string }
resource "authentik_flow" "login" {
  name               = 1
  title              = "Login"
  slug               = "login"
  designation        = var.designation
  compatibility_mode = "true"
  layout             = null
}
resource "authentik_stage_user_login" "login" {
  name = "login"
}
resource "authentik_flow_stage_binding" "login" {
  target = authentik_flow.login.uuid
  stage  = authentik_stage_user_login.login.id
  order  = "10"
}
"#,
        );
    }
}
