//! Texts that have a form.

use super::marks::check;

#[test]
fn a_line_break_or_control_character_in_a_text_of_one_line_is_reported() {
    check(
        r#"
lab: { name: "a\nb", domain: example.org }
#            ^^^^^^ error[invalid-text]: a line break cannot stand in this text
# help: write it on one line; after `|` or `>` use `|-` or `>-`
users:
  alex: { name: "Al\tex", email: alex@example.org }
#               ^^^^^^^^ error[invalid-text]: a tab cannot stand in this text
# help: use spaces
  sam: { name: "Sam\u0007", email: sam@example.org }
#              ^^^^^^^^^^^ error[invalid-text]: the control character U+0007 cannot stand in this text
# help: delete it
apps:
  grafana:
    url: https://grafana.example.org
    description: |
      One line
#     ^^^^^^^^ error[invalid-text]: a line break cannot stand in this text
# help: write it on one line; after `|` or `>` use `|-` or `>-`
    allow: everyone
    ldap: {}
    name: "   "
#         ^^^^^ error[invalid-text]: this text is nothing but blanks
"#,
    );
}

#[test]
fn a_text_takes_the_characters_that_are_written() {
    check(
        r#"
lab: { name: 0755, domain: example.org }
users:
  alex: { name: yes, email: alex@example.org }
  sam: { name: "${NAME} %{x} {{ y }} \"'", email: sam@example.org }
  kim: { name: 2026.5, email: kim@example.org }
"#,
    );
}

#[test]
fn names_have_the_characters_that_their_place_takes() {
    check(
        r#"
flux:
  clusters: [Home Lab, home-]
#            ^^^^^^^^ error[invalid-name]: `Home Lab` has `H`, which a name in Kubernetes cannot have
# help: write `home-lab`
#                      ^^^^^ error[invalid-name]: `home-` starts or ends with `-`
# help: write `home`
lab: { name: Größe, domain: Example.org }
#            ^^^^^ error[invalid-name]: `Größe` has `G`, which a name in Kubernetes cannot have
# help: write `groesse`
#                           ^^^^^^^^^^^ error[invalid-host]: the host `Example.org` has capital letters
# help: write `example.org`
groups:
  family: {}
  admins: {}
  "a,b": {}
# ^^^^^ error[invalid-name]: `a,b` has `,`, which a group's name in LDAP cannot have
# help: use letters, digits, `-`, `_` and `.`
  "authentik Admins": {}
# ^^^^^^^^^^^^^^^^^^ error[reserved-name]: the group `authentik Admins` comes with authentik
# help: choose another name: a group of your own with `superuser: true` does the same
  " x ": {}
# ^^^^^ error[invalid-name]: ` x ` starts or ends with a blank
# help: write `x`
  "a\u202eb": {}
# ^^^^^^^^^^ error[invalid-name]: the invisible character U+202E cannot stand in a name
# help: delete it
  "${GROUP} %{x}": {}
users:
  alex smith: { name: A, email: a@example.org }
# ^^^^^^^^^^ error[invalid-name]: `alex smith` has a space, which a username cannot have
# help: write `.` or `-` in its place
  akadmin: { name: A, email: a@example.org }
# ^^^^^^^ error[reserved-name]: the user `akadmin` comes with authentik
# help: choose another username: authentik makes `akadmin` at its first start
apps:
  token: { url: https://a.example.org, allow: everyone, ldap: {} }
# ^^^^^ error[reserved-name]: the slug `token` is taken by authentik itself
# help: write `token-app`
  Grafana: { url: https://a.example.org, allow: [], ldap: {} }
# ^^^^^^^ error[invalid-name]: `Grafana` has `G`, which a name in Kubernetes cannot have
# help: write `grafana`
#                                               ^^ error[empty-list]: `apps.Grafana.allow` is empty
# help: for example `allow: [admins, family]`
  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: { url: https://a.example.org, allow: everyone, ldap: {} }
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-name]: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` has 68 characters; 58 are allowed
# help: choose a shorter name
"#,
    );
}

#[test]
fn hosts_and_addresses_are_what_they_say() {
    check(
        r#"
vault: { address: vault.example.org:8200, mount: /infra/ }
#                 ^^^^^^^^^^^^^^^^^^^^^^ error[url-without-scheme]: `vault.example.org:8200` has no `https://`
# help: write `https://vault.example.org:8200`
#                                                ^^^^^^^ error[invalid-path]: `/infra/` has a `/` at an end, or an empty part
# help: write `infra`
tofu:
  state: { host: db.example.org:5432, database: my-db, schema: 1a }
#                ^^^^^^^^^^^^^^^^^^^ error[invalid-host]: the host `db.example.org:5432` has a port
# help: write `db.example.org`
#                                               ^^^^^ error[invalid-name]: `my-db` has `-`, which a name in PostgreSQL cannot have
# help: use letters, digits and `_`
#                                                              ^^ error[invalid-name]: `1a` starts with a digit
# help: write `_1a`
identity:
  host: https://auth.example.org
#       ^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-host]: `https://auth.example.org` is an address; a host name is wanted
# help: write `auth.example.org`
  database: { host: db_1, name: authentik, user: authentik }
#                   ^^^^ error[invalid-host]: `db_1` has `_`, which a host name cannot have
# help: use letters, digits, `-` and `.`
  email: { host: 300.1.1.1, port: 587, encryption: starttls, from: Lab auth@example.org }
#                ^^^^^^^^^ error[invalid-host]: `300.1.1.1` is no IP address
# help: write four numbers from 0 to 255
#                                                                  ^^^^^^^^^^^^^^^^^^^^ error[invalid-email]: `Lab auth@example.org` is no sender
# help: write `auth@example.org` or `Lab <auth@example.org>`
  release: { repository: ftp://x.org/a, chart: authentik, version: 2026.5 }
#                        ^^^^^^^^^^^^^ error[invalid-url]: `ftp://x.org/a` starts with `ftp:`
# help: it must be `https`, `http` or `oci`
#                                                                  ^^^^^^ error[inexact-version]: `2026.5` is no exact version
# help: write all three numbers of a release that exists, such as `2026.5.0`
users:
  alex: { name: Alex, email: alex, path: /a/ }
#                            ^^^^ error[invalid-email]: `alex` is no e-mail address
# help: write one such as `alex@example.org`
#                                        ^^^ error[invalid-path]: `/a/` has a `/` at an end, or an empty part
# help: write `a`
apps:
  a: { url: "https://user:hunter2@a.example.org/x", allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: this address holds a password
# help: write `https://a.example.org/x`
  b: { url: "https://user@b.example.org/x", allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://user@b.example.org/x` holds a username
# help: delete everything up to the `@`
  c: { url: "https://c.example.org:99999/x", allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://c.example.org:99999/x` has the port `99999`
# help: a port is 1 to 65535
  d: { url: "https:///x", allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^ error[invalid-url]: `https:///x` has no host
# help: write one such as `https://grafana.example.org`
  e: { url: "https://e.example.org/a b", allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://e.example.org/a b` has a space, which an address cannot have
# help: write it with `%` and two digits, such as `%20` for a space
  f: { url: "app", allow: everyone, ldap: {} }
#           ^^^^^ error[url-without-scheme]: `app` has no `https://`
# help: write `https://app`
  g: { url: "https://G.example.org:8443/x?y=%(username)s#z", allow: everyone, ldap: {} }
  i: { url: HTTPS://i.example.org, allow: everyone, ldap: {} }
#           ^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `HTTPS://i.example.org` starts with `HTTPS:`
# help: write it in lower case: `https:`
  h: { url: "http://[::1]:8080/", allow: everyone, ldap: {} }
"#,
    );
}

#[test]
fn a_chart_has_an_exact_version() {
    check(
        r#"
tofu:
  required_version: ">=1.7"
  providers: { authentik: latest, vault: ^5.0 }
#                         ^^^^^^ error[bad-constraint]: `latest` is no version constraint of OpenTofu
# help: write `~> 2026.5.0`, `>= 1.7.0` or `>= 1.7.0, < 2.0.0`
#                                        ^^^^ error[bad-constraint]: `^5.0` is no version constraint of OpenTofu
# help: write `~> 5.0`
apps:
  a: { url: https://a.example.org, namespace: a, allow: everyone, ldap: {}, release: { repository: "oci://charts.example.org/x", chart: a, version: "~> 2026.5" } }
#                                                                                                                                                   ^^^^^^^^^^^ error[inexact-version]: `~> 2026.5` is no exact version
# help: write all three numbers of a release that exists, such as `2026.5.0`
  b: { url: https://b.example.org, namespace: b, allow: everyone, ldap: {}, release: { repository: "https://x.org", chart: a, version: latest } }
#                                                                                                                                      ^^^^^^ error[inexact-version]: `latest` is no exact version
# help: write the three numbers of one release, such as `2026.5.3`
  c: { url: https://c.example.org, namespace: c, allow: everyone, ldap: {}, release: { repository: "https://x.org", chart: a, version: 2026.05.3 } }
#                                                                                                                                      ^^^^^^^^^ error[inexact-version]: `2026.05.3` is no exact version
# help: write `2026.5.3`
  d: { url: https://d.example.org, namespace: d, allow: everyone, ldap: {}, release: { repository: "https://x.org", chart: a, version: v1.2.3-rc.1+x } }
  e: { url: https://e.example.org, namespace: e, allow: everyone, ldap: {}, release: { repository: "https://x.org", chart: a, version: 1.x } }
#                                                                                                                                      ^^^ error[inexact-version]: `1.x` is no exact version
# help: write the three numbers of one release, such as `2026.5.3`
"#,
    );
}

#[test]
fn a_constraint_is_one_that_opentofu_reads() {
    check(
        r#"
tofu:
  required_version: ">= 1.7.0,"
#                   ^^^^^^^^^^^ error[bad-constraint]: `>= 1.7.0,` is no version constraint of OpenTofu
# help: write `~> 2026.5.0`, `>= 1.7.0` or `>= 1.7.0, < 2.0.0`
  providers: { authentik: 2026.5.x, vault: "~> 5.0, != 5.1.1" }
#                         ^^^^^^^^ error[bad-constraint]: `2026.5.x` is no version constraint of OpenTofu
# help: write `~> 2026.5.0`
"#,
    );
}

#[test]
fn a_stretch_of_time_and_a_size_have_a_unit() {
    check(
        r#"
identity:
  recovery: { link_valid_for: 30 }
#                             ^^ error[bad-duration]: `30` is no stretch of time
# help: write `30s` for seconds, `30m` for minutes
  email_otp: { code_valid_for: minutes=abc }
#                              ^^^^^^^^^^^ error[bad-duration]: `minutes=abc` is no stretch of time
# help: write a number and a unit, `30m`, `12h`, `7d`, or `hours=1;minutes=30`
  avatars: { max_size: 512K }
#                      ^^^^ error[invalid-size]: `512K` is no size
# help: write `512KiB`
  settings: { event_retention: 1 year, default_token_duration: hours=1;minutes=30 }
#                              ^^^^^^ error[bad-duration]: `1 year` is no stretch of time
# help: write a number and a unit, `30m`, `12h`, `7d`, or `hours=1;minutes=30`
"#,
    );
}

#[test]
fn a_size_is_a_whole_number() {
    check(
        r#"
identity:
  avatars: { max_size: 1.5MiB }
#                      ^^^^^^ error[invalid-size]: `1.5MiB` is no size
# help: write a whole number and a unit: `512KiB`, `1MiB`, `200kB`
"#,
    );
}

#[test]
fn an_ipv6_host_is_written_without_brackets() {
    check(
        r#"
identity:
  ldap: { suffix: "dc=x", host: "[fd00::8]" }
#                               ^^^^^^^^^^^ error[invalid-host]: the host `[fd00::8]` has brackets
# help: write `fd00::8`
"#,
    );
}

#[test]
fn a_base_dn_is_written_without_spaces() {
    check(
        r#"
identity:
  ldap: { suffix: "dc=ldap, dc=example, dc=org" }
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[malformed-base-dn]: `dc=ldap, dc=example, dc=org` has spaces around `,` or `=`; authentik compares it letter by letter
# help: write `dc=ldap,dc=example,dc=org`
apps:
  a: { url: https://a.example.org, allow: everyone, ldap: { base_dn: example.org } }
#                                                                    ^^^^^^^^^^^ error[malformed-base-dn]: `example.org` is no distinguished name: `example.org` is no `key=value`
# help: write one such as `dc=ldap,dc=example,dc=org`
  b: { url: https://b.example.org, allow: everyone, ldap: { base_dn: "ou=b+cn=x,dc=x" } }
#                                                                    ^^^^^^^^^^^^^^^^ error[malformed-base-dn]: `ou=b+cn=x,dc=x` has `+`, which a base DN cannot have
# help: use letters, digits and `-` in its parts
  c: { url: https://c.example.org, allow: everyone, ldap: { base_dn: "ou=,dc=x" } }
#                                                                    ^^^^^^^^^^ error[malformed-base-dn]: `ou=,dc=x` is no distinguished name: `ou=` is no `key=value`
# help: write one such as `dc=ldap,dc=example,dc=org`
  d: { url: https://d.example.org, allow: everyone, ldap: { base_dn: "ldap.dc=x" } }
#                                                                    ^^^^^^^^^^^ error[malformed-base-dn]: `ldap.dc=x` is no distinguished name: `ldap.dc=x` is no `key=value`
# help: write one such as `dc=ldap,dc=example,dc=org`
  e: { url: https://e.example.org, allow: everyone, ldap: { base_dn: "2.5.4.11=e,dc=x" } }
"#,
    );
}

#[test]
fn a_scope_is_a_file_name_and_an_attribute_is_not_authentiks_own() {
    check(
        r#"
apps:
  a:
    url: https://a.example.org
    allow: everyone
    oidc:
      redirect_uris: [/x]
      default_scopes: [openid, groups]
#                              ^^^^^^ error[unknown-word]: unknown word `groups`
# help: write `openid`, `email`, `profile`, `entitlements` or `offline_access`
      scopes: { "a/b": "return {}", ".x": "return {}", ok:x: "" }
#               ^^^^^ error[invalid-name]: `a/b` has `/`, which a scope that is a file name too cannot have
# help: use letters, digits, `-`, `_`, `.` and `:`
#                                   ^^^^ error[invalid-name]: the scope `.x` starts with `.` or `-`
#                                                      ^^^^ error[empty-value]: nothing is written behind `apps.a.oidc.scopes.ok:x`; it takes a text
# help: for example `ok:x: return {"role": "Viewer"}`
groups:
  family: { library: { avatar: [x], "a b": [x], ok: [] } }
#                      ^^^^^^ error[reserved-name]: the attribute `avatar` is authentik's own
# help: write `app_avatar`
#                                   ^^^^^ error[invalid-name]: `a b` has a space, which the key of an attribute cannot have
# help: use letters, digits, `_` and `-`
"#,
    );
}

#[test]
fn a_persons_name_may_turn_the_direction_of_writing() {
    check(
        r#"
lab: { name: x, domain: example.org }
users: { alex: { name: "a\u202eb", email: alex@example.org } }
"#,
    );
}
