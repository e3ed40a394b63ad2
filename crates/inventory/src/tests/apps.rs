//! Apps by themselves and side by side.

use super::marks::{check, check_alone};

#[test]
fn an_app_logs_in_by_one_protocol_and_a_certificate_has_one_source() {
    check(
        r#"
apps:
  a: { url: https://a.example.org, allow: everyone, ldap: {}, oidc: { redirect_uris: [/x] } }
#                                                   ^^^^ error[either-or]: `apps.a` has both `oidc` and `ldap`
# help: delete one of them
#                                                             ^^^^ related: `oidc` is written here
  b: { url: https://b.example.org, allow: everyone }
# ^ error[either-or]: `apps.b` has neither `oidc` nor `ldap`
# help: add `oidc: { redirect_uris: [/oauth/callback] }` or `ldap: {}`
identity:
  ingress: { class: traefik, tls: { secret: x, issuer: y } }
#                                              ^^^^^^ error[either-or]: `identity.ingress.tls` has both `secret` and `issuer`
# help: delete one of them
#                                   ^^^^^^ related: `secret` is written here
"#,
    );
}

#[test]
fn what_flux_renders_needs_a_namespace() {
    check(
        r#"
apps:
  a: { url: https://a.example.org, allow: everyone, ldap: {}, smtp: true, clusters: [home], release: { repository: "https://x.org", chart: a, version: 1.2.3 } }
#                                                                   ^^^^ error[app-without-namespace]: `apps.a` has `smtp`, but no `namespace`
# help: add `namespace: a`, or delete `smtp`
#                                                                                   ^^^^^^ error[app-without-namespace]: `apps.a` has `clusters`, but no `namespace`
# help: add `namespace: a`, or delete `clusters`
#                                                                                           ^^^^^^^ error[app-without-namespace]: `apps.a` has `release`, but no `namespace`
# help: add `namespace: a`, or delete `release`
  b: { url: https://b.example.org, allow: everyone, ldap: {}, smtp: false }
"#,
    );
}

#[test]
fn a_former_name_belongs_to_one_app() {
    check(
        r#"
apps:
  photos: { url: https://a.example.org, allow: everyone, ldap: {} }
# ^^^^^^ related: the name is used here too
  immich: { url: https://b.example.org, allow: everyone, ldap: {}, formerly: [pictures, photos] }
#                                                                                       ^^^^^^ error[former-name-in-use]: `immich` was called `photos` before, which is an app
# help: delete it here if every root was applied since the app was renamed
#                                                                             ^^^^^^^^ related: the name is used here too
  piwigo: { url: https://c.example.org, allow: everyone, ldap: {}, formerly: [pictures, lychee] }
#                                                                             ^^^^^^^^ error[former-name-in-use]: `piwigo` was called `pictures` before, and so was `immich`
# help: delete it here if every root was applied since the app was renamed
"#,
    );
}

#[test]
fn an_app_cannot_log_in_by_ldap_without_ldap_and_an_ingress_needs_a_name() {
    check_alone(
        r#"
lab: { name: hdhomelab, domain: example.org }
vault: { address: https://vault.example.org, mount: infra }
flux: { clusters: [home], source: { name: flux-system }, secrets: external-secrets, store: { kind: ClusterSecretStore, name: vault } }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: ~> 2026.5.0, vault: ~> 5.0 }
  state: { host: 192.168.1.7, database: tofu, schema: authentik }
identity:
#^^^^^^^ related: it belongs in here
  host: 192.168.1.9
#       ^^^^^^^^^^^ error[invalid-host]: people log in at `192.168.1.9`, which is no name; an ingress needs one
# help: write a DNS name such as `auth.example.org`
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { secret: auth-tls } }
  database: { host: 192.168.1.7, name: authentik, user: authentik }
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
apps:
  jellyfin: { url: https://jellyfin.example.org, allow: everyone, ldap: {} }
#                                                                 ^^^^ error[ldap-missing]: `jellyfin` logs in by LDAP, but `identity` has no `ldap`
# help: add `ldap: { suffix: dc=ldap,dc=example,dc=org }` under `identity`
"#,
    );
}

#[test]
fn base_dns_are_compared_as_authentik_compares_them() {
    check(
        r#"
apps:
  jellyfin: { url: https://jellyfin.example.org, allow: everyone, ldap: { base_dn: "ou=apps,dc=home,dc=arpa" } }
#                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^ related: `jellyfin` claims it here
#                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^ related: the base DN of `jellyfin`
  emby: { url: https://emby.example.org, allow: everyone, ldap: { base_dn: "OU=apps,DC=home,DC=arpa" } }
#                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^ error[shared-ldap-base-dn]: `emby` uses the LDAP base DN of `jellyfin`
# help: use `ou=emby,dc=ldap,dc=example,dc=org` for `emby`
  kodi: { url: https://kodi.example.org, allow: everyone, ldap: {} }
# ^^^^ error[nested-ldap-base-dn]: the LDAP base DN of `kodi` ends in the base DN of `top`
# help: use `ou=top,dc=ldap,dc=example,dc=org` for `top`
# ^^^^ related: `kodi` claims it here
  plex: { url: https://plex.example.org, allow: everyone, ldap: { base_dn: "ou=kodi,dc=ldap,dc=example,dc=org" } }
#                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shared-ldap-base-dn]: `plex` uses the LDAP base DN of `kodi`
# help: use `ou=plex,dc=ldap,dc=example,dc=org` for `plex`
  nas: { url: https://nas.example.org, allow: everyone, ldap: { base_dn: "cn=x,ou=apps,dc=home,dc=arpa" } }
#                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[nested-ldap-base-dn]: the LDAP base DN of `nas` ends in the base DN of `jellyfin`
# help: use `ou=jellyfin,dc=ldap,dc=example,dc=org` for `jellyfin`
  b: { url: https://b.example.org, allow: everyone, ldap: { base_dn: "dc=b" } }
  ab: { url: https://ab.example.org, allow: everyone, ldap: { base_dn: "dc=ab" } }
  top: { url: https://top.example.org, allow: everyone, ldap: { base_dn: "dc=ldap,dc=example,dc=org" } }
#                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the base DN of `top`
"#,
    );
}

#[test]
fn redirect_uris_are_paths_or_absolute_and_stay_with_the_app() {
    check(
        r#"
apps:
  immich:
    url: https://photos.example.org
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^ related: people open it at `photos.example.org`
    allow: everyone
    oidc:
      redirect_uris:
        - app.immich:///oauth-callback
        - http://localhost:8085/callback
        - http://127.0.0.1/x
        - https://photos.example.org/auth/login
        - https://PHOTOS.example.org:8443/x
        - https://immich.example.org/auth/login
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[redirect-foreign-host]: `immich` has people sent back to `immich.example.org`, which is not its host
        - urn:ietf:wg:oauth:2.0:oob
        - login/callback
#         ^^^^^^^^^^^^^^ error[invalid-redirect-uri]: `login/callback` is neither a path nor an absolute URI
# help: write `/login/callback`
        - "*"
#         ^^^ error[invalid-redirect-uri]: `*` is neither a path nor an absolute URI
# help: write the path that the app gives, such as `/oauth/callback`
        - //evil.example.org/x
#         ^^^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: `//evil.example.org/x` is neither a path nor an absolute URI
# help: write `https://evil.example.org/x`
        - photos.example.org/x
#         ^^^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: `photos.example.org/x` is neither a path nor an absolute URI
# help: write `https://photos.example.org/x`
        - "https://photos.example.org/a b"
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: `https://photos.example.org/a b` has a space, which a URI cannot have
# help: write `%20` for it
        - javascript:alert(1)
#         ^^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: authentik refuses redirect URIs that start with `javascript:`
# help: write `https://…`, a path, or the scheme of an app
        - "https://photos.example.org:x/"
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: `https://photos.example.org:x/` has the port `x`
# help: a port is 1 to 65535
        - { url: "https://photos.example.org/.*", matching: regex }
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-unescaped-dot]: a `.` in this pattern is not escaped, so the host `photosXexample.org` matches too
# help: write `photos\.example\.org` for the host; in double quotes each `\` is doubled
        - { url: 'https://photos\.example\.org/.*', matching: regex }
        - { url: 'https://[a-z.]+\.example\.org/.*', matching: regex }
        - { url: '^https?:\/\/photos.example.org\/x$', matching: regex }
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-unescaped-dot]: a `.` in this pattern is not escaped, so the host `photosXexample.org` matches too
# help: write `photos\.example\.org` for the host; in double quotes each `\` is doubled
        - { url: '/x/.*', matching: regex }
        - { url: 'https://(', matching: regex }
        - { url: "DATA:text/html,x" }
#                ^^^^^^^^^^^^^^^^^^ error[invalid-redirect-uri]: authentik refuses redirect URIs that start with `DATA:`
# help: write `https://…`, a path, or the scheme of an app
        - { url: /logout, kind: logut }
#                               ^^^^^ error[unknown-word]: unknown word `logut`, did you mean `logout`?
# help: write `authorization` or `logout`
        - { matching: regex }
#           ^^^^^^^^ error[missing-key]: `url` is missing in an item of `apps.immich.oidc.redirect_uris`
# help: add it, for example `url: /auth/logout`
        - [a]
#          ^ error[wrong-kind]: an item of `apps.immich.oidc.redirect_uris` is a list; it takes a text, or a mapping
# help: for example `/oauth/callback`
        - { url: /x, uri: /y }
#                    ^^^ error[unknown-key]: unknown key `uri` in an item of `apps.immich.oidc.redirect_uris`, did you mean `url`?
"#,
    );
}

#[test]
fn an_app_needs_a_redirect_uri() {
    check(
        r#"
apps:
  a: { url: https://a.example.org, allow: everyone, oidc: { redirect_uris: [] } }
#                                                                          ^^ error[redirect-uri-empty]: `apps.a.oidc.redirect_uris` is empty: authentik would trust the first one that it sees
# help: for example `redirect_uris: [/oauth/callback]`
  b: { url: https://b.example.org, allow: everyone, oidc: {} }
#                                                   ^^^^ error[missing-key]: `redirect_uris` is missing in `apps.b.oidc`
# help: add it, for example `redirect_uris: [/oauth/callback]`
  c: { url: https://c.example.org, allow: everyone, oidc: { redirect_uris: /x } }
#                                                                          ^^ error[wrong-kind]: `apps.c.oidc.redirect_uris` is the text `/x`; it takes a list
# help: write `redirect_uris: [/x]`
"#,
    );
}

#[test]
fn two_apps_under_one_host_are_left_alone() {
    check(
        r#"
apps:
  a: { url: https://x.example.org/a, allow: everyone, oidc: { redirect_uris: [/cb] } }
  b: { url: https://x.example.org/b, allow: everyone, oidc: { redirect_uris: [/cb] } }
"#,
    );
}

#[test]
fn a_logout_is_told_at_a_path_or_an_address() {
    check(
        r#"
apps:
  a: { url: https://a.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: /out?how=backchannel } }
  b: { url: https://b.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: { uri: "http://b.b.svc/out", method: frontchannel } } }
  c: { url: https://c.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: api/out } }
#                                                                                        ^^^^^^^ error[invalid-url]: `api/out` is neither a path nor an address
# help: write `/api/out`
  d: { url: https://d.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: "//d.example.org/out" } }
#                                                                                        ^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `//d.example.org/out` is neither a path nor an address
# help: write `/d.example.org/out`
  e: { url: https://e.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: "app://out" } }
#                                                                                        ^^^^^^^^^^^ error[invalid-url]: `app://out` starts with `app:`
# help: it must be `https` or `http`
  f: { url: https://f.example.org, allow: everyone, oidc: { redirect_uris: [/x], logout: { uri: /out, method: back } } }
#                                                                                                             ^^^^ error[unknown-word]: unknown word `back`
# help: write `backchannel` or `frontchannel`
"#,
    );
}
