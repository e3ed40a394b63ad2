//! An app that wants verified addresses, which authentik says it has not.

use expression::ServerVersion;
use resolve_tofu::{Instance, Mode, Value};

use crate::identity::applications::called;
use crate::identity::redirects::{PROVIDER, maps};
use crate::tofu::{Lead, Root, place};
use crate::{Findings, Repo};

crate::rule! {
    /// An app that takes only verified e-mail addresses gets the default `email` mapping.
    ///
    /// ## Why
    /// Since release 2025.10 the default mapping says `email_verified: false`, because the server does not check
    /// addresses
    /// ([verify email addresses](https://docs.goauthentik.io/add-secure-apps/providers/oauth2/verify-email-address/)).
    /// Vaultwarden and Coder then refuse the login.
    ///
    /// ## Fix
    /// Give the app a mapping of its own for the scope `email`, if the addresses are checked by other means; or have
    /// the app take what it gets (Vaultwarden: `SSO_ALLOW_UNKNOWN_EMAIL_VERIFICATION`, Coder:
    /// `CODER_OIDC_IGNORE_EMAIL_VERIFIED`).
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// data "authentik_property_mapping_provider_scope" "defaults" {
    ///   managed_list = [for scope in ["openid", "email", "profile"] : "goauthentik.io/providers/oauth2/scope-${scope}"]
    /// }
    ///
    /// resource "authentik_provider_oauth2" "passwords" {
    ///   name                  = "passwords"
    ///   allowed_redirect_uris = [{ matching_mode = "strict", url = "https://passwords.example.org/identity/connect/oidc-signin" }]
    ///   property_mappings     = data.authentik_property_mapping_provider_scope.defaults.ids
    /// #                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[email-verified-assumed]: `passwords` is a Vaultwarden, which takes verified addresses alone; the default `email` mapping says `email_verified: false`
    /// }
    /// ```
    ///
    /// A mapping of its own:
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// resource "authentik_property_mapping_provider_scope" "email" {
    ///   name       = "verified e-mail"
    ///   scope_name = "email"
    ///   expression = "return {\"email\": request.user.email, \"email_verified\": True}"
    /// }
    ///
    /// resource "authentik_provider_oauth2" "passwords" {
    ///   name                  = "passwords"
    ///   allowed_redirect_uris = [{ matching_mode = "strict", url = "https://passwords.example.org/identity/connect/oidc-signin" }]
    ///   property_mappings     = [authentik_property_mapping_provider_scope.email.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the app is told to take addresses that are not verified.
    "email-verified-assumed", Hint, Identity, check
}

/// Where the apps that want verified addresses have logins end.
const APPS: [(&str, &str); 2] =
    [("/identity/connect/oidc-signin", "a Vaultwarden"), ("/api/v2/users/oidc/callback", "a Coder")];
/// The first release whose mapping says that addresses are not verified.
const SINCE: ServerVersion = ServerVersion { year: 2025, month: 10 };
/// The argument that lists the mappings.
const MAPPINGS: &str = "property_mappings";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        if repo.tofu.server.at_least(&root.provider).is_none_or(|server| server < SINCE) {
            continue;
        }
        for provider in root.of(PROVIDER) {
            let urls = maps(provider).filter_map(|(map, _)| map.get("url")?.as_text());
            let app = urls.into_iter().find_map(|url| APPS.iter().find(|(path, _)| url.ends_with(path)));
            let Some((_, app)) = app.filter(|_| has_default_email(root, provider)) else { continue };
            let message = format!(
                "{} is {app}, which takes verified addresses alone; the default `email` mapping says `email_verified: \
                 false`",
                called(provider)
            );
            let help = "write a mapping of your own for the scope `email`, or have the app take what it gets";
            findings.report(place(provider, MAPPINGS), message).help(help);
        }
    }
}

/// Whether the default mapping is among those of `provider`, all of which are known, and no other is for its scope.
fn has_default_email(root: &Root<'_>, provider: &Instance<'_>) -> bool {
    let leads = root.all_leads(provider, MAPPINGS);
    let mappings: Option<Vec<_>> = leads.iter().map(Lead::instance).collect();
    let Some(mappings) = mappings else { return false };
    let is_default = |mapping: &&&Instance<'_>| mapping.resource.mode != Mode::Managed && is_default_email(mapping);
    let is_own = |mapping: &&&Instance<'_>| {
        mapping.resource.mode == Mode::Managed && {
            let scope = mapping.known_string("scope_name");
            scope.is_none_or(|scope| scope.value == "email")
        }
    };
    let may_be_own = |mapping: &&&Instance<'_>| is_own(mapping) || is_of_somebody(mapping);
    mappings.iter().any(|mapping| is_default(&mapping)) && !mappings.iter().any(|mapping| may_be_own(&mapping))
}

/// Whether it is a data source that brings a mapping which authentik does not bring along; that may be for any scope.
fn is_of_somebody(mapping: &Instance<'_>) -> bool {
    let is_default = |text: &str| text.starts_with("goauthentik.io/") || text.starts_with("authentik default ");
    mapping.resource.mode != Mode::Managed && {
        let texts = texts(mapping);
        texts.is_empty() || !texts.into_iter().all(is_default)
    }
}

/// Whether the data source brings the default mapping.
fn is_default_email(data: &Instance<'_>) -> bool {
    const MANAGED: &str = "goauthentik.io/providers/oauth2/scope-email";
    const NAME: &str = "authentik default OAuth Mapping: OpenID 'email'";
    texts(data).into_iter().any(|text| text == MANAGED || text == NAME)
}

/// What the data source looks for.
fn texts<'i>(data: &'i Instance<'_>) -> Vec<&'i str> {
    let arguments = ["managed", "managed_list", "name"].into_iter().filter_map(|name| data.argument(name));
    let texts = arguments.flat_map(|argument| match argument.value.as_elements() {
        Some(elements) => elements.iter().filter_map(Value::as_text).collect(),
        None => Vec::from_iter(argument.value.as_text()),
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const PASSWORDS: &str = r#"
#- flux/authentik.yaml
kind: HelmRelease
spec:
  chart:
    spec:
      chart: authentik
      version: VERSION
#- tofu/main.tf
variable "mapping" { type = string }
data "authentik_property_mapping_provider_scope" "shared" { name = "verified addresses" }
data "authentik_property_mapping_provider_scope" "email" { name = "authentik default OAuth Mapping: OpenID 'email'" }
resource "authentik_property_mapping_provider_scope" "email" {
  name       = "verified e-mail"
  scope_name = "email"
  expression = "return {}"
}
resource "authentik_provider_oauth2" "passwords" {
  name                  = "passwords"
  allowed_redirect_uris = [{ matching_mode = "strict", url = "https://passwords.example.org/PATH" }]
  property_mappings     = [MAPPINGS]
}
"#;
    const EMAIL: &str = "data.authentik_property_mapping_provider_scope.email.id";
    const PATH: &str = "identity/connect/oidc-signin";

    #[track_caller]
    fn judge(version: &str, path: &str, mappings: &str, is_told: bool) {
        let mut fixture = PASSWORDS.replace("VERSION", version).replace("PATH", path).replace("MAPPINGS", mappings);
        if is_told {
            let carets = "^".repeat(mappings.len() + 2);
            let message = "`passwords` is a Vaultwarden, which takes verified addresses alone; the default `email` \
                           mapping says `email_verified: false`";
            let mark = format!("]\n#{}{carets} hint[email-verified-assumed]: {message}\n}}", " ".repeat(25));
            fixture = fixture.trim_end().trim_end_matches("]\n}").to_owned() + &mark;
        }
        check_rule("email-verified-assumed", &fixture);
    }

    #[test]
    fn the_mapping_may_be_looked_up_by_its_name_and_the_release_told_by_the_chart() {
        judge("2025.10.0", PATH, EMAIL, true);
    }

    #[test]
    fn older_servers_other_apps_and_mappings_that_are_ones_own_or_unknown_are_left_alone() {
        judge("2025.8.4", PATH, EMAIL, false);
        judge("latest", PATH, EMAIL, false);
        judge("2025.10.0", "login/generic_oauth", EMAIL, false);
        judge("2025.10.0", PATH, &format!("{EMAIL}, authentik_property_mapping_provider_scope.email.id"), false);
        judge("2025.10.0", PATH, &format!("{EMAIL}, var.mapping"), false);
        let shared = "data.authentik_property_mapping_provider_scope.shared.id";
        judge("2025.10.0", PATH, &format!("{EMAIL}, {shared}"), false);
    }
}
