//! Several files are one document.

use super::marks::check;

#[test]
fn sections_of_two_files_are_put_together() {
    check(
        r#"
apps: {}
identity:
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
#- inventory/apps.yaml
apps:
  grafana: { url: https://grafana.example.org, allow: everyone, ldap: {} }
identity:
  ldap: { suffix: "dc=x" }
"#,
    );
}

#[test]
fn a_key_that_two_files_set_names_both() {
    check(
        r#"
groups:
  family: {}
# ^^^^^^ related: first set here
vault: { address: https://vault.example.org, mount: infra }
#                                            ^^^^^ related: first set here
#- inventory/groups.yaml
groups:
  family: {}
# ^^^^^^ error[duplicate-key]: `family` is set twice in `groups`
# help: delete it in one of the two files
  admins: {}
vault: { mount: other }
#        ^^^^^ error[duplicate-key]: `mount` is set twice in `vault`
# help: delete it in one of the two files
"#,
    );
}
