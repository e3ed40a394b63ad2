//! The judge `refusals`: broken roots, each with one thing that authentik was seen to refuse. So it is the stand-in that
//! is judged: one that takes everything would find no fault in what is rendered.

use std::fs;

use super::root::Root;
use super::{Bench, Verdict};
use crate::Failure;

/// What every root begins with.
pub(super) const HEAD: &str = r#"
terraform {
  required_providers {
    authentik = { source = "goauthentik/authentik", version = "2026.5.0" }
    vault     = { source = "hashicorp/vault", version = "~> 5.0" }
  }
}
provider "authentik" {
  url   = "https://auth.example.org"
  token = "t"
}
data "authentik_flow" "in" {
  slug = "default-provider-authorization-implicit-consent"
}
data "authentik_flow" "out" {
  slug = "default-provider-invalidation-flow"
}
"#;

/// What is fine: every broken root has it too.
const GOOD: &str = r#"
resource "authentik_provider_oauth2" "good" {
  name                  = "good"
  client_id             = "good"
  authorization_flow    = data.authentik_flow.in.id
  invalidation_flow     = data.authentik_flow.out.id
  allowed_redirect_uris = [{ matching_mode = "strict", url = "https://good.example.org/" }]
}
resource "authentik_application" "good" {
  name              = "Good"
  slug              = "good"
  protocol_provider = authentik_provider_oauth2.good.id
}
resource "authentik_group" "good" { name = "good" }
resource "authentik_user" "good" { username = "good" }
resource "authentik_policy_binding" "good" {
  target = authentik_application.good.uuid
  group  = authentik_group.good.id
  order  = 0
}
resource "authentik_flow" "good" {
  name        = "good"
  title       = "good"
  slug        = "good"
  designation = "authentication"
}
resource "authentik_stage_user_login" "good" { name = "good" }
resource "authentik_provider_ldap" "good" {
  name        = "good-ldap"
  base_dn     = "dc=good"
  bind_flow   = authentik_flow.good.uuid
  unbind_flow = data.authentik_flow.out.id
}
resource "authentik_outpost" "good" {
  name               = "good"
  type               = "ldap"
  protocol_providers = [authentik_provider_ldap.good.id]
}
"#;

/// An OAuth2 provider, with something else in it.
fn oauth2(rest: &str) -> String {
    let name = if rest.contains("name ") { "" } else { "name = \"bad\"\n" };
    let client = if rest.contains("client_id ") { "" } else { "client_id = \"bad\"\n" };
    let flow =
        if rest.contains("authorization_flow ") { "" } else { "authorization_flow = data.authentik_flow.in.id\n" };
    format!(
        "resource \"authentik_provider_oauth2\" \"bad\" {{\n{name}{client}{flow}invalidation_flow = data.authentik_flow.out.id\n{rest}\n}}\n"
    )
}

/// What is broken, the HCL of it, and what OpenTofu must say.
fn cases() -> Vec<(&'static str, String, &'static str)> {
    let own = |text: &str| text.to_owned();
    let binding = |rest: &str| format!("resource \"authentik_policy_binding\" \"bad\" {{\norder = 0\n{rest}\n}}\n");
    let good = "target = authentik_application.good.uuid";
    vec![
        ("a flow by its slug", oauth2("authorization_flow = authentik_flow.good.id"), "is not a valid UUID"),
        (
            "an application by its slug",
            binding("target = authentik_application.good.id\ngroup = authentik_group.good.id"),
            "is not a valid UUID",
        ),
        ("a binding to nobody", binding(good), "must be set"),
        (
            "a binding to a group and a user",
            binding(&format!("{good}\ngroup = authentik_group.good.id\nuser = authentik_user.good.id")),
            "Only one of",
        ),
        (
            "a binding to a stage",
            binding("target = authentik_stage_user_login.good.id\ngroup = authentik_group.good.id"),
            "object does not exist",
        ),
        (
            "a stage binding that is never evaluated",
            own(
                "resource \"authentik_flow_stage_binding\" \"bad\" {\ntarget = authentik_flow.good.uuid\nstage = authentik_stage_user_login.good.id\norder = 0\nevaluate_on_plan = false\nre_evaluate_policies = false\n}\n",
            ),
            "must be enabled",
        ),
        (
            "a redirect URI without url",
            oauth2("allowed_redirect_uris = [{ matching_mode = \"strict\", uri = \"https://a\" }]"),
            "Plugin did not respond",
        ),
        (
            "a redirect URI without matching_mode",
            oauth2("allowed_redirect_uris = [{ url = \"https://a\" }]"),
            "Plugin did not respond",
        ),
        ("an unknown client_type", oauth2("client_type = \"open\""), "client_type"),
        ("no grant type", oauth2("grant_types = []"), "may not be empty"),
        ("a duration without units", oauth2("access_token_validity = \"30m\""), "is no duration"),
        ("a duration without a number", oauth2("access_token_validity = \"minutes=abc\""), "correct format"),
        (
            "a key that does not exist",
            oauth2("signing_key = \"00000000-0000-4000-8000-000000000000\""),
            "object does not exist",
        ),
        (
            "a client_id that is taken",
            oauth2("client_id = \"good\"\ndepends_on = [authentik_provider_oauth2.good]"),
            "already exists",
        ),
        (
            "a name that another type of provider has",
            oauth2("name = \"good-ldap\"\ndepends_on = [authentik_provider_ldap.good]"),
            "already exists",
        ),
        ("an argument that there is not", oauth2("redirect_uris = []"), "Unsupported argument"),
        (
            "an LDAP provider on an outpost without a type",
            own(
                "resource \"authentik_outpost\" \"bad\" {\nname = \"bad\"\nprotocol_providers = [authentik_provider_ldap.good.id]\n}\n",
            ),
            "can't be used with LDAP",
        ),
        (
            "an outpost without providers",
            own(
                "resource \"authentik_outpost\" \"bad\" {\nname = \"bad\"\ntype = \"ldap\"\nprotocol_providers = []\n}\n",
            ),
            "may not be empty",
        ),
        (
            "two applications on one provider",
            own(
                "resource \"authentik_application\" \"bad\" {\nname = \"b\"\nslug = \"b\"\nprotocol_provider = authentik_provider_oauth2.good.id\ndepends_on = [authentik_application.good]\n}\n",
            ),
            "already exists",
        ),
        (
            "a reserved slug",
            own("resource \"authentik_application\" \"bad\" {\nname = \"b\"\nslug = \"authorize\"\n}\n"),
            "reserved",
        ),
        (
            "a group name that is taken",
            own("resource \"authentik_group\" \"bad\" {\nname = \"good\"\ndepends_on = [authentik_group.good]\n}\n"),
            "already exists",
        ),
        (
            "the name of a built-in prompt field",
            own(
                "resource \"authentik_stage_prompt_field\" \"bad\" {\nname = \"default-user-settings-field-name\"\nfield_key = \"name\"\nlabel = \"Name\"\ntype = \"text\"\n}\n",
            ),
            "already exists",
        ),
        (
            "a mail that there is not",
            own("resource \"authentik_stage_email\" \"bad\" {\nname = \"bad\"\ntemplate = \"email/nope.html\"\n}\n"),
            "Invalid template",
        ),
        (
            "switches that are not all there",
            own(
                "resource \"authentik_system_settings\" \"bad\" {\nflags = jsonencode({ flows_refresh_others = false })\n}\n",
            ),
            "required property",
        ),
        ("no avatars", own("resource \"authentik_system_settings\" \"bad\" {\navatars = \"\"\n}\n"), "blank"),
        (
            "a bind mode that there is not",
            own(
                "resource \"authentik_provider_ldap\" \"bad\" {\nname = \"bad\"\nbase_dn = \"dc=b\"\nbind_flow = data.authentik_flow.in.id\nunbind_flow = data.authentik_flow.out.id\nbind_mode = \"sometimes\"\n}\n",
            ),
            "not a valid choice",
        ),
        (
            "a data source that finds nothing",
            own("data \"authentik_stage\" \"bad\" {\nname = \"default-recovery\"\n}\n"),
            "No matching stages",
        ),
        (
            "an import by name",
            own(
                "import {\nto = authentik_stage_user_login.bad\nid = \"default-authentication-login\"\n}\nresource \"authentik_stage_user_login\" \"bad\" {\nname = \"default-authentication-login\"\n}\n",
            ),
            "Cannot import non-existent",
        ),
        (
            "a secret that nobody wrote",
            own("data \"vault_kv_secret_v2\" \"bad\" {\nmount = \"infra\"\nname = \"authentik/nothing\"\n}\n"),
            "no secret found",
        ),
    ]
}

/// Judges all of them, and that what they have in common is taken.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("roots");
    let folder = bench.folder("refusals")?;
    fs::write(folder.join("main.tf"), format!("{HEAD}{GOOD}"))?;
    let root = Root::new(bench, folder.clone(), folder.join("store.jsonl"))?;
    let init = root.init()?;
    verdict.must(init.status == 0, || format!("`init`:\n{}", init.text));
    let good = root.apply()?;
    verdict.must(good.status == 0, || format!("what is fine is refused:\n{}", good.text));
    verdict.judged = 1;
    for (what, hcl, says) in cases() {
        root.fresh()?;
        fs::write(folder.join("main.tf"), format!("{HEAD}{GOOD}{hcl}"))?;
        let ran = root.apply()?;
        verdict.judged += 1;
        verdict.must(ran.status == 1, || format!("{what} is taken: `apply` ends with {}", ran.status));
        verdict.must(ran.text.contains(says), || format!("{what} is refused for another reason:\n{}", ran.text));
    }
    Ok(verdict)
}
