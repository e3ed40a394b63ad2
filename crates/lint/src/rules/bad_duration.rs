//! A duration that authentik does not understand.

use std::collections::BTreeSet;

use schema::Version;

use crate::tofu::{Root, place};
use crate::{Findings, Repo};

/// The arguments that are durations: those that the provider holds against `ValidateRelativeDuration`, by resource type.
const DURATIONS: [(&str, &[&str]); 19] = [
    (
        "authentik_endpoints_connector_agent",
        &["auth_session_duration", "challenge_idle_timeout", "refresh_interval", "snapshot_expiry"],
    ),
    ("authentik_provider_google_workspace", &["sync_page_timeout"]),
    ("authentik_provider_microsoft_entra", &["sync_page_timeout"]),
    (
        "authentik_provider_oauth2",
        &["access_code_validity", "access_token_validity", "refresh_token_threshold", "refresh_token_validity"],
    ),
    ("authentik_provider_proxy", &["access_token_validity", "refresh_token_validity"]),
    ("authentik_provider_rac", &["connection_expiry"]),
    ("authentik_provider_saml", ASSERTIONS),
    ("authentik_provider_scim", &["service_provider_config_cache_timeout", "sync_page_timeout"]),
    ("authentik_provider_ssf", &["event_retention"]),
    ("authentik_provider_ws_federation", ASSERTIONS),
    ("authentik_source_saml", &["temporary_user_delete_after"]),
    ("authentik_stage_authenticator_email", &["token_expiry"]),
    ("authentik_stage_authenticator_validate", &["last_auth_threshold"]),
    ("authentik_stage_consent", &["consent_expire_in"]),
    ("authentik_stage_email", &["recovery_cache_timeout", "token_expiry"]),
    ("authentik_stage_source", &["resume_timeout"]),
    ("authentik_stage_user_login", &["remember_device", "remember_me_offset", "session_duration"]),
    ("authentik_system_settings", &["default_token_duration", "event_retention"]),
    ("authentik_tenant", &["event_retention"]),
];
const ASSERTIONS: &[&str] =
    &["assertion_valid_not_before", "assertion_valid_not_on_or_after", "session_valid_not_on_or_after"];
const UNITS: [&str; 7] = ["microseconds", "milliseconds", "seconds", "minutes", "hours", "days", "weeks"];

crate::rule! {
    /// A duration is not written as authentik reads durations.
    ///
    /// ## Why
    /// A duration is `key=number`, or several of these with `;` between them, and the keys are `microseconds`,
    /// `milliseconds`, `seconds`, `minutes`, `hours`, `days` and `weeks`. The provider refuses `30m` when it plans; a
    /// number that is none, as in `minutes=abc`, gets past it
    /// ([`pkg/helpers/resource.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/helpers/resource.go)).
    ///
    /// ## Fix
    /// Write `minutes=30`, or `hours=1;minutes=30`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_user_login" "login" {
    ///   name             = "login"
    ///   session_duration = "8h"
    /// #                    ^^^^ error[bad-duration]: `8h` in `session_duration` is no duration
    /// }
    /// ```
    ///
    /// Eight hours:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_user_login" "login" {
    ///   name             = "login"
    ///   session_duration = "hours=8"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: authentik does not read it.
    "bad-duration", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        for (kind, arguments) in DURATIONS {
            for (instance, argument) in root.of(kind).flat_map(|one| arguments.iter().map(move |name| (one, *name))) {
                let Some(text) = instance.known_string(argument).filter(|text| !is_duration(&text.value)) else {
                    continue;
                };
                let is_minutes = kind == "authentik_stage_email" && argument == "token_expiry" && is_old(root);
                if !is_minutes && told.insert(place(instance, argument)) {
                    let message = format!("`{}` in `{argument}` is no duration", text.value);
                    findings.report(text.span, message).help(help(&text.value));
                }
            }
        }
    }
}

/// Whether the root may run with a provider that counted the minutes of an e-mail stage.
fn is_old(root: &Root<'_>) -> bool {
    let first: Version = "2025.4.0".parse().expect("it is a version");
    root.releases().and_then(|releases| releases.releases().next()).is_none_or(|oldest| *oldest.version() < first)
}

/// Whether it is `key=number(;key=number)*`. The server takes fractions and signs too.
fn is_duration(text: &str) -> bool {
    text.split(';').all(|part| {
        let Some((unit, number)) = part.split_once('=') else { return false };
        let digits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
        let number = number.trim();
        UNITS.iter().any(|known| known.eq_ignore_ascii_case(unit))
            && number.bytes().all(digits)
            && number.parse::<f64>().is_ok()
    })
}

/// What to write instead, where that can be told.
fn help(text: &str) -> String {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_lowercase().as_str() {
        "ms" => "milliseconds",
        "s" | "sec" | "second" | "seconds" => "seconds",
        "m" | "min" | "minute" | "minutes" => "minutes",
        "h" | "hour" | "hours" => "hours",
        "d" | "day" | "days" => "days",
        "w" | "week" | "weeks" => "weeks",
        _ => "",
    };
    if number.is_empty() || unit.is_empty() {
        return format!("write `hours=1;minutes=30`; the keys are {}", UNITS.join(", "));
    }
    format!("write `{unit}={number}`")
}

#[cfg(test)]
mod tests {
    use super::is_duration;
    use crate::tests::check_rule;

    #[test]
    fn durations_are_keys_with_numbers() {
        for text in ["minutes=30", "Hours=1;MINUTES=30", "minutes=-5", "days=0.5", "weeks=4;seconds=0"] {
            assert!(is_duration(text), "{text}");
        }
        for text in
            ["", "30m", "1h", "30", "minutes=", "minutes=abc", "month=1", "hours=1;", "hours=1, minutes=2", "days=inf"]
        {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn the_entry_of_the_map_is_shown() {
        check_rule(
            "bad-duration",
            r#"
#- tofu/main.tf
locals {
  apps = {
    grafana = { validity = "minutes=abc" }
#                          ^^^^^^^^^^^^^ error[bad-duration]: `minutes=abc` in `access_token_validity` is no duration
# help: write `hours=1;minutes=30`; the keys are microseconds, milliseconds, seconds, minutes, hours, days, weeks
    gitea   = { validity = "30 min" }
#                          ^^^^^^^^ error[bad-duration]: `30 min` in `access_token_validity` is no duration
# help: write `minutes=30`
    miniflux = { validity = "hours=1;minutes=30" }
  }
}
resource "authentik_provider_oauth2" "apps" {
  for_each              = local.apps
  name                  = each.key
  access_token_validity = each.value.validity
}
"#,
        );
    }

    #[test]
    fn an_unknown_duration_and_arguments_of_other_kinds_are_left_alone() {
        check_rule(
            "bad-duration",
            r#"
#- tofu/main.tf
variable "validity" { type = string }
resource "authentik_provider_oauth2" "grafana" {
  name                   = "grafana"
  access_token_validity  = var.validity
  access_code_validity   = "minutes=${var.validity}"
  refresh_token_validity = null
}
resource "authentik_token" "backup" {
  identifier = "backup"
  user       = 7
  expires    = "2027-01-01T00:00:00Z"
}
"#,
        );
    }

    #[test]
    fn the_minutes_that_an_old_provider_counted_are_left_alone() {
        check_rule(
            "bad-duration",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2024.12.0"
    }
  }
}
resource "authentik_stage_email" "recovery" {
  name         = "recovery"
  token_expiry = "30"
}
"#,
        );
    }
}
