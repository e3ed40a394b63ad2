//! What one part of the inventory calls another.

use super::marks::check;

#[test]
fn groups_and_clusters_that_do_not_exist_are_reported() {
    check(
        r#"
groups:
  family: { parents: [adults] }
  adults: {}
  admins: {}
users:
  alex: { name: Alex, email: alex@example.org, groups: [famliy, admins] }
#                                                       ^^^^^^ error[unknown-group]: unknown group `famliy`, did you mean `family`?
apps:
  grafana: { url: https://grafana.example.org, allow: [everyone, vips], ldap: {}, namespace: x, clusters: [hom] }
#                                                      ^^^^^^^^ error[unknown-group]: unknown group `everyone`
# help: for whoever can log in write `allow: everyone`, without brackets
#                                                                ^^^^ error[unknown-group]: unknown group `vips`
# help: add `vips: {}` under `groups`
#                                                                                                          ^^^ error[unknown-cluster]: unknown cluster `hom`, did you mean `home`?
  gitea: { url: https://gitea.example.org, allow: everone, ldap: {}, namespace: x, clusters: [] }
#                                                 ^^^^^^^ error[wrong-kind]: `apps.gitea.allow` is the text `everone`; it takes a list of groups, or `everyone`
# help: write `allow: everyone`
#                                                                                            ^^ error[empty-list]: `apps.gitea.clusters` is empty
# help: delete `clusters` for all clusters, or `namespace` for an app outside them
  forgejo: { url: https://forgejo.example.org, allow: [admins], ldap: {}, roles: { admin: [admin] } }
#                                                                                          ^^^^^ error[unknown-group]: unknown group `admin`, did you mean `admins`?
  emby: { url: https://emby.example.org, allow: family, ldap: {} }
#                                               ^^^^^^ error[wrong-kind]: `apps.emby.allow` is the text `family`; it takes a list of groups, or `everyone`
# help: write `allow: [family]`
  mealie: { url: https://mealie.example.org, allow: [Everyone], ldap: {} }
#                                                    ^^^^^^^^ error[unknown-group]: unknown group `Everyone`
# help: for whoever can log in write `allow: everyone`, without brackets
  navidrome: { url: https://navidrome.example.org, allow: '*', ldap: {} }
#                                                         ^^^ error[wrong-kind]: `apps.navidrome.allow` is the text `*`; it takes a list of groups, or `everyone`
# help: write `allow: everyone`
  kodi: { url: https://kodi.example.org, allow: { groups: [family] }, ldap: {} }
#                                                 ^^^^^^ error[wrong-kind]: `apps.kodi.allow` is a mapping; it takes a list, or `everyone`
# help: for example `allow: [admins, family]`
  plex: { url: https://plex.example.org, allow: , ldap: {} }
#                                        ^^^^^ error[empty-value]: nothing is written behind `apps.plex.allow`; it takes a list, or `everyone`
# help: for example `allow: [admins, family]`
identity:
  cluster: office
#          ^^^^^^ error[unknown-cluster]: unknown cluster `office`
# help: add `office` to `flux.clusters`
"#,
    );
}

#[test]
fn a_list_has_no_item_twice() {
    check(
        r#"
flux:
  clusters: [home, home]
#                  ^^^^ error[duplicate-item]: `home` is in `flux.clusters` twice
# help: delete one of them
#            ^^^^ related: first here
groups:
  family: { library: { x: [Movies, Movies] } }
#                                  ^^^^^^ error[duplicate-item]: `Movies` is in `groups.family.library.x` twice
# help: delete one of them
#                          ^^^^^^ related: first here
users:
  alex: { name: Alex, email: alex@example.org, groups: [family, family] }
#                                                               ^^^^^^ error[duplicate-item]: `family` is in `users.alex.groups` twice
# help: delete one of them
#                                                       ^^^^^^ related: first here
apps:
  a: { url: https://a.example.org, allow: [family, family], oidc: { redirect_uris: [/x, /y, /x], default_scopes: [openid, openid] } }
#                                                  ^^^^^^ error[duplicate-item]: `family` is in `apps.a.allow` twice
# help: delete one of them
#                                          ^^^^^^ related: first here
#                                                                                           ^^ error[duplicate-item]: `/x` is in `apps.a.oidc.redirect_uris` twice
# help: delete one of them
#                                                                                   ^^ related: first here
#                                                                                                                         ^^^^^^ error[duplicate-item]: `openid` is in `apps.a.oidc.default_scopes` twice
# help: delete one of them
#                                                                                                                 ^^^^^^ related: first here
"#,
    );
}
