//! Where values come from: the place that a person edits, and the resource instance that an unknown value is a part of.

use crate::judge::evaluated;
use diagnostic::{Diagnostic, Sources};
use resolve_tofu::Root;

const MAIN: &str = r#"
locals {
  apps = {
    grafana  = { base_dn = "ou=grafana,dc=example,dc=org" }
    jellyfin = { base_dn = "ou=jellyfin,dc=example,dc=org" }
  }
}

module "ldap" {
  source   = "./ldap"
  for_each = local.apps
  name     = each.key
  base_dn  = each.value.base_dn
}

resource "authentik_outpost" "ldap" {
  name               = "ldap"
  protocol_providers = [for name, app in module.ldap : tonumber(app.provider_id)]
}

resource "authentik_application" "text" {
  protocol_provider = "${module.ldap["grafana"].provider_id}"
  computed          = "provider-${module.ldap["grafana"].provider_id}"
}

resource "authentik_application" "chosen" {
  protocol_provider = one(values(module.ldap)[*].provider_id...)
}

resource "authentik_application" "first" {
  protocol_provider = try(merge({}, { a = concat([], values(module.ldap)[*].provider_id)[0] }).a, null)
}
"#;

const LDAP: &str = r#"
variable "name" {
  type = string
}

variable "base_dn" {
  type = string
}

resource "authentik_provider_ldap" "this" {
  name    = var.name
  base_dn = var.base_dn
}

resource "authentik_application" "this" {
  slug              = authentik_provider_ldap.this.name
  protocol_provider = authentik_provider_ldap.this.id
}

output "provider_id" {
  value = authentik_provider_ldap.this.id
}
"#;

fn lab<T>(look: impl FnOnce(&Root<'_>, &[Diagnostic], &Sources) -> T) -> T {
    evaluated(&[("ldap/main.tf".to_owned(), LDAP.to_owned()), ("main.tf".to_owned(), MAIN.to_owned())], look)
}

#[test]
fn a_value_inside_a_module_points_at_the_map_entry_of_the_caller() {
    lab(|root, _, sources| {
        let addresses: Vec<_> = root.of("authentik_provider_ldap").map(|ldap| ldap.address().to_owned()).collect();
        assert_eq!(
            addresses,
            [
                r#"module.ldap["grafana"].authentik_provider_ldap.this"#,
                r#"module.ldap["jellyfin"].authentik_provider_ldap.this"#
            ]
        );
        for ldap in root.of("authentik_provider_ldap") {
            let base_dn = ldap.known_string("base_dn").expect("it is known");
            assert_eq!(sources.path(base_dn.span), "main.tf");
            assert_eq!(sources.slice(base_dn.span), format!("\"{}\"", base_dn.value));
        }
    });
}

#[test]
fn an_unknown_value_remembers_its_resource_through_modules_lists_and_conversions() {
    let grafana = r#"module.ldap["grafana"].authentik_provider_ldap.this"#;
    let jellyfin = r#"module.ldap["jellyfin"].authentik_provider_ldap.this"#;
    let cases: &[(&str, &str, &[&str])] = &[
        (r#"module.ldap["jellyfin"].authentik_application.this"#, "protocol_provider", &[jellyfin]),
        ("authentik_outpost.ldap", "protocol_providers", &[grafana, jellyfin]),
        ("authentik_application.text", "protocol_provider", &[grafana]),
        ("authentik_application.text", "computed", &[]),
        ("authentik_application.first", "protocol_provider", &[grafana]),
    ];
    lab(|root, _, _| {
        for (address, argument, wanted) in cases {
            let instance = root.instance(address).expect("it is declared");
            let found = root.references(instance, argument);
            let found: Vec<_> = found.iter().map(|(other, path)| (other.address(), path.as_str())).collect();
            let wanted: Vec<_> = wanted.iter().map(|address| (*address, "id")).collect();
            assert_eq!(found, wanted, "{address}.{argument}");
        }
    });
}

#[test]
fn a_written_argument_is_known_where_it_is_referred_to() {
    lab(|root, _, _| {
        let application =
            root.instance(r#"module.ldap["grafana"].authentik_application.this"#).expect("it is declared");
        assert_eq!(application.known_string("slug").expect("it is known").value, "grafana");
    });
}

#[test]
fn a_fault_in_a_module_that_is_called_twice_is_reported_once() {
    let inner = "variable \"n\" {}\n\noutput \"x\" {\n  value = tonumber(\"x\")\n}\n";
    let outer = "module \"a\" {\n  source = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n  n = each.key\n}\n";
    let texts = [("m/main.tf".to_owned(), inner.to_owned()), ("main.tf".to_owned(), outer.to_owned())];
    evaluated(&texts, |_, found, _| {
        assert_eq!(found.iter().filter(|finding| finding.rule == "invalid-expression").count(), 1, "{found:?}");
    });
}

#[test]
fn values_that_double_themselves_end_as_unknown() {
    let mut text = String::from("locals {\n  x0 = [\"a\", \"b\"]\n");
    for level in 1..60 {
        text.push_str(&format!("  x{level} = [local.x{0}, local.x{0}]\n", level - 1));
    }
    text.push_str("}\n\noutput \"all\" {\n  value = jsonencode(local.x59)\n}\n");
    evaluated(&[("main.tf".to_owned(), text)], |root, _, _| assert!(!root.outputs["all"].is_known()));
}

#[test]
fn ten_thousand_entries_are_evaluated() {
    let mut text = String::from("locals {\n  apps = {\n");
    for app in 0..10_000 {
        text.push_str(&format!("    app{app} = {{ port = {app} }}\n"));
    }
    text.push_str(
        "  }\n}\n\nresource \"terraform_data\" \"app\" {\n  for_each = local.apps\n  input = each.value.port\n}\n",
    );
    evaluated(&[("main.tf".to_owned(), text)], |root, _, _| {
        assert_eq!(root.instances.len(), 10_000);
        assert!(root.complete);
    });
}
