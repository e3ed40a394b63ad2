//! Keys: unknown, missing, twice.

use super::marks::{check, check_alone};

#[test]
fn a_mistyped_key_is_reported_with_the_one_that_was_meant_and_that_one_is_not_missed() {
    check(
        r#"
apps:
  grafana:
    url: https://grafana.example.org
    alow: [family]
#   ^^^^ error[unknown-key]: unknown key `alow` in `apps.grafana`, did you mean `allow`?
    oidc: { redirect_uris: [/callback] }
"#,
    );
}

#[test]
fn an_unknown_key_is_reported_with_the_place_it_belongs_to_or_with_all_keys() {
    check(
        r#"
apps:
  grafana:
    url: https://grafana.example.org
    allow: [family]
    client_type: public
#   ^^^^^^^^^^^ error[unknown-key]: unknown key `client_type` in `apps.grafana`
# help: `client_type` belongs under `oidc`
    zzz: 1
#   ^^^ error[unknown-key]: unknown key `zzz` in `apps.grafana`
# help: `apps.grafana` takes `url`, `catalog`, `name`, `formerly`, `namespace`, `clusters`, `category`, `description`, `icon`, `allow`, `roles`, `oidc`, `ldap`, `release` and `smtp`
    oidc: { redirect_uris: [/callback] }
ap: {}
#^ error[unknown-key]: unknown key `ap` in the inventory
# help: the inventory takes `lab`, `vault`, `flux`, `tofu`, `identity`, `groups`, `users` and `apps`
"#,
    );
}

#[test]
fn sections_that_are_missing_are_reported_at_the_start() {
    check_alone(
        r#"
lab:
#< error[missing-key]: `flux` is missing in the inventory
# help: add `flux:` with `clusters`, `source`, `secrets` and `store` in it
#< error[missing-key]: `identity` is missing in the inventory
# help: add `identity:` with `host`, `namespace`, `release`, `ingress`, `database` and `email` in it
#< error[missing-key]: `tofu` is missing in the inventory
# help: add `tofu:` with `required_version`, `providers` and `state` in it
#< error[missing-key]: `vault` is missing in the inventory
# help: add it, for example `vault: { address: https://vault.example.org, mount: infra }`
#^^ error[missing-key]: `domain` is missing in `lab`
# help: add it, for example `domain: example.org`
  name: hdhomelab
"#,
    );
}

#[test]
fn keys_that_an_app_needs_are_missed_at_the_app() {
    check(
        r#"
apps:
  grafana: {}
# ^^^^^^^ error[app-without-allow]: `allow` is missing in `apps.grafana`
# help: add `allow: [family]`, or `allow: everyone` for whoever can log in
# ^^^^^^^ error[either-or]: `apps.grafana` has neither `oidc` nor `ldap`
# help: add `oidc: { redirect_uris: [/oauth/callback] }` or `ldap: {}`
# ^^^^^^^ error[missing-key]: `url` is missing in `apps.grafana`
# help: add it, for example `url: https://grafana.example.org`
  jellyfin:
# ^^^^^^^^ error[app-without-allow]: `allow` is missing in `apps.jellyfin`
# help: add `allow: [family]`, or `allow: everyone` for whoever can log in
# ^^^^^^^^ error[either-or]: `apps.jellyfin` has neither `oidc` nor `ldap`
# help: add `oidc: { redirect_uris: [/oauth/callback] }` or `ldap: {}`
# ^^^^^^^^ error[missing-key]: `url` is missing in `apps.jellyfin`
# help: add it, for example `url: https://jellyfin.example.org`
"#,
    );
}

#[test]
fn a_file_without_anything_is_an_empty_inventory() {
    check_alone(
        r#"
# nothing
#< error[empty-inventory]: the inventory is empty
# help: `labtree init` writes a complete example
"#,
    );
}

#[test]
fn an_empty_mapping_is_an_empty_inventory() {
    check_alone(
        r#"
{}
#< error[empty-inventory]: the inventory is empty
# help: `labtree init` writes a complete example
"#,
    );
}

#[test]
fn a_list_is_no_inventory() {
    check_alone(
        r#"
- a
# ^ error[wrong-kind]: the inventory is a list; it takes a mapping
# help: start with `lab:`; `labtree init` writes a complete example
"#,
    );
}

#[test]
fn a_text_is_no_inventory() {
    check_alone(
        r#"
hello
#^^^^ error[wrong-kind]: the inventory is the text `hello`; it takes a mapping
# help: start with `lab:`; `labtree init` writes a complete example
"#,
    );
}

#[test]
fn a_key_that_is_set_twice_names_both_places() {
    check(
        r#"
vault:
  mount: infra
# ^^^^^ related: first set here
  address: https://vault.example.org
  mount: other
# ^^^^^ error[duplicate-key]: `mount` is set twice in `vault`
# help: delete one of them
lab: { name: x, domain: example.org }
#^^ related: first set here
lab: { name: y, domain: example.org }
#^^ error[duplicate-key]: `lab` is set twice in the inventory
# help: delete one of them
"#,
    );
}

#[test]
fn an_entry_that_is_set_twice_names_both_places() {
    check(
        r#"
groups:
  family: {}
# ^^^^^^ related: first set here
  admins: {}
  family: { invite: true }
# ^^^^^^ error[duplicate-key]: `family` is set twice in `groups`
# help: delete one of them
"#,
    );
}

#[test]
fn merge_keys_tags_and_keys_that_are_no_text_are_refused_and_aliases_are_read() {
    check(
        r#"
apps:
  grafana: &base
    url: https://grafana.example.org
    allow: &allow [family, famly]
#                          ^^^^^ error[unknown-group]: unknown group `famly`, did you mean `family`?
    ldap: {}
  gitea:
    <<: *base
#   ^^ error[yaml-merge-key]: the inventory reads no merge key `<<`
# help: write the keys out; an alias for a whole value, `key: *name`, is fine
    url: https://gitea.example.org
    allow: *allow
    ldap: {}
  {{ app }}: {}
# ^^^^^^^^^ error[wrong-kind]: a key in `apps` is a mapping, not a text
# help: put the text in quotes: `"{{ … }}"`
  "": {}
# ^^ error[empty-value]: an empty key in `apps`
# help: write a name before the `:`
lab: { name: !name x, domain: !!str example.org }
#            ^^^^^ error[yaml-tag]: no tag but `!!str` is read here
# help: delete the tag
users: !people {}
#      ^^^^^^^ error[yaml-tag]: no tag but `!!str` is read here
# help: delete the tag
"#,
    );
}
