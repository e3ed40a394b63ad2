//! Values of another kind than wanted.

use super::marks::check;

#[test]
fn another_kind_of_value_than_wanted_is_reported_with_an_example() {
    check(
        r#"
lab: [a]
#     ^ error[wrong-kind]: `lab` is a list; it takes a mapping
# help: for example `lab: { name: hdhomelab, domain: example.org }`
vault:
  address: { url: x }
#            ^^^ error[wrong-kind]: `vault.address` is a mapping; it takes a text
# help: for example `address: https://vault.example.org`
  mount: [a, b]
#         ^ error[wrong-kind]: `vault.mount` is a list; it takes a text
# help: for example `mount: infra`
flux:
  clusters: home
#           ^^^^ error[wrong-kind]: `flux.clusters` is the text `home`; it takes a list
# help: write `clusters: [home]`
  after: { a: b }
#          ^ error[wrong-kind]: `flux.after` is a mapping; it takes a list
# help: for example `after: [external-secrets, traefik]`
  source: 5
#         ^ error[wrong-kind]: `flux.source` is the text `5`; it takes a mapping
# help: for example `source: { kind: GitRepository, name: flux-system }`
groups: [family]
#        ^^^^^^ error[wrong-kind]: `groups` is a list; it takes a mapping
# help: for example `groups: { family: {} }`
#^^^^^ related: first set here
users:
  alex: Alex
#       ^^^^ error[wrong-kind]: `users.alex` is the text `Alex`; it takes a mapping
# help: for example `alex: { name: Alex, email: alex@example.org }`
identity:
  email: smtp.example.org
#        ^^^^^^^^^^^^^^^^ error[wrong-kind]: `identity.email` is the text `smtp.example.org`; it takes a mapping
# help: for example `email: { host: smtp.gmail.com, port: 587, encryption: starttls, from: HD Homelab <auth@example.org> }`
  avatars: { types: image/png, max_size: { a: 1 } }
#                   ^^^^^^^^^ error[wrong-kind]: `identity.avatars.types` is the text `image/png`; it takes a list
# help: write `types: [image/png]`
#                                          ^ error[wrong-kind]: `identity.avatars.max_size` is a mapping; it takes a text
# help: for example `max_size: 512KiB`
#- inventory/rest.yaml
flux:
  secrets: external-secrets
  store: { kind: ClusterSecretStore, name: vault }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: ~> 2026.5.0, vault: ~> 5.0 }
  state: { host: 192.168.1.7, database: tofu, schema: authentik }
identity:
  host: auth.example.org
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { secret: auth-tls } }
  database: { host: 192.168.1.7, name: authentik, user: authentik }
  ldap: { suffix: 'dc=ldap,dc=example,dc=org' }
groups:
#^^^^^ error[duplicate-key]: `groups` is set twice in the inventory
# help: delete it in one of the two files
  family: {}
  admins: {}
"#,
    );
}

#[test]
fn words_that_look_like_booleans_are_no_booleans() {
    check(
        r#"
groups:
  family: { invite: yes }
#                   ^^^ error[wrong-kind]: `yes` is no boolean; YAML 1.2 has `true` and `false`
# help: write `true`
  admins: { superuser: "true" }
#                      ^^^^^^ error[wrong-kind]: `true` is a text in quotes
# help: write `true`
  friends: { invite: maybe }
#                    ^^^^^ error[wrong-kind]: `maybe` is no boolean; YAML 1.2 has `true` and `false`
# help: write `true` or `false`
  others: { invite: 0 }
#                   ^ error[wrong-kind]: `0` is no boolean; YAML 1.2 has `true` and `false`
# help: write `false`
"#,
    );
}

#[test]
fn numbers_are_decimal_unquoted_and_in_range() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: "587", encryption: starttls, from: auth@example.org, timeout: 1_000 }
#                                        ^^^^^ error[invalid-number]: `587` is a text in quotes
# help: write `587` without quotes
#                                                                                                      ^^^^^ error[invalid-number]: `1_000` is no number
# help: write `1000`
  database: { host: db.example.org, port: 0755, name: a, user: a }
#                                         ^^^^ error[invalid-number]: `0755` is no port
# help: write `755`
  settings: { default_token_length: -5, reputation_lower_limit: many, pagination_max_page_size: 5.5 }
#                                   ^^ error[invalid-number]: `-5` is out of range
# help: a number is 0 to 4294967295
#                                                               ^^^^ error[invalid-number]: `many` is no number
# help: write a whole number, -2147483648 to 2147483647
#                                                                                               ^^^ error[invalid-number]: `5.5` is no number
# help: write a whole number, 0 to 4294967295
tofu:
  state: { host: 192.168.1.7, database: tofu, schema: authentik, port: 70000 }
#                                                                      ^^^^^ error[invalid-number]: `70000` is out of range
# help: a port is 1 to 65535
"#,
    );
}

#[test]
fn a_wrong_word_is_reported_with_the_list() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: 587, encryption: StartTLS, from: auth@example.org }
#                                                         ^^^^^^^^ error[unknown-word]: unknown word `StartTLS`, did you mean `starttls`?
# help: write `starttls`, `ssl` or `none`
  avatars: { then: [initials, gravitar, initials] }
#                             ^^^^^^^^ error[unknown-word]: unknown word `gravitar`, did you mean `gravatar`?
# help: write `gravatar`, `initials` or `none`
#                                       ^^^^^^^^ error[duplicate-item]: `initials` is in `identity.avatars.then` twice
# help: delete one of them
#                   ^^^^^^^^ related: first here
flux:
  secrets: eso
#          ^^^ error[unknown-word]: unknown word `eso`
# help: write `external-secrets` or `vault-secrets-operator`
"#,
    );
}

#[test]
fn nothing_behind_a_key_is_no_value() {
    check(
        r#"
lab:
  name:
# ^^^^ error[empty-value]: nothing is written behind `lab.name`; it takes a text
# help: for example `name: hdhomelab`
  domain: ~
# ^^^^^^ error[empty-value]: nothing is written behind `lab.domain`; it takes a text
# help: for example `domain: example.org`
groups: 
users:
  alex:
    name: ""
#   ^^^^ error[empty-value]: nothing is written behind `users.alex.name`; it takes a text
# help: for example `name: Alex`
    email: null
#   ^^^^^ error[empty-value]: nothing is written behind `users.alex.email`; it takes a text
# help: for example `email: alex@example.org`
    groups:
#   ^^^^^^ error[empty-value]: nothing is written behind `users.alex.groups`; it takes a list
# help: for example `groups: [family, jellyfin-movies]`
vault: { address: "  ", mount: x }
#                 ^^^^ error[invalid-text]: this text is nothing but blanks
flux:
  clusters: []
#           ^^ error[empty-list]: `flux.clusters` is empty
# help: for example `clusters: [home]`
  after:
    - a
    -
#    ^ error[empty-value]: an empty item in `flux.after`
# help: delete the `-`
identity:
  avatars: { types: [] }
#                   ^^ error[empty-list]: `identity.avatars.types` is empty
# help: for example `types: [image/png, image/jpeg, image/webp, image/gif]`
"#,
    );
}
