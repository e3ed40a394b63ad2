//! What follows from small inventories.

mod roles;

use catalog::Catalog;
use diagnostic::{Diagnostic, Sources};
use inventory::{Inventory, InventoryFile};

use crate::{App, KustomizationFile, Lab, Writer};

const HEAD: &str = "
lab: { name: attic, domain: example.org }
vault: { address: https://vault.example.org, mount: infra }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: '~> 2026.5.0', vault: '~> 5.0' }
  state: { host: 192.0.2.7, database: tofu, schema: authentik }
identity:
  host: auth.example.org
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { issuer: letsencrypt } }
  database: { host: 192.0.2.7, name: authentik, user: authentik }
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
  ldap: { suffix: 'dc=ldap,dc=example,dc=org', host: ldap.example.org }
";
const FLUX: &str = "
flux:
  clusters: [home]
  source: { name: flux-system }
  after: [external-secrets]
  secrets: external-secrets
  store: { kind: ClusterSecretStore, name: vault, path: infra }
";

#[track_caller]
fn inventory(text: &str) -> (Sources, Inventory) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let file = InventoryFile { path: "inventory.yaml".into(), bytes: text.as_bytes().to_vec() };
    let inventory = inventory::parse(&mut sources, &[file], &mut found);
    (sources, inventory.unwrap_or_else(|| panic!("the inventory is valid: {found:#?}")))
}

/// Runs `look` on the lab of `text` behind the head, with what was found.
#[track_caller]
fn lab(text: &str, look: impl FnOnce(&Lab<'_>, &Sources, &[Diagnostic])) {
    let flux = if text.contains("\nflux:") { "" } else { FLUX };
    let (mut sources, inventory) = inventory(&format!("{HEAD}{flux}{text}"));
    let mut found = Vec::new();
    let catalog = Catalog::load(&mut sources, catalog::builtin(), [], &mut found);
    let lab = Lab::of(&inventory, &catalog, &mut found);
    look(&lab, &sources, &found);
}

fn app<'l>(lab: &'l Lab<'_>, slug: &str) -> &'l App<'l> {
    lab.apps.iter().find(|app| app.slug.value == slug).expect("the lab has the app")
}

const GITEA: &str = "
groups: { family: {} }
apps:
  gitea:
    url: https://git.example.org/
    namespace: git
    allow: [family]
    oidc: { redirect_uris: [/user/oauth2/authentik/callback, 'http://localhost:8085/x'] }
    smtp: true
";

#[test]
fn an_app_s_names_follow_from_its_key() {
    lab(GITEA, |lab, sources, _| {
        let gitea = app(lab, "gitea");
        let flux = gitea.flux.as_ref().expect("it runs in a cluster");
        assert_eq!(gitea.name.value, "Gitea");
        assert_eq!(flux.folder.value, "flux/apps/base/gitea");
        assert_eq!(flux.kustomization.value, "apps-gitea");
        let secrets: Vec<_> = flux.secrets.iter().map(|one| (one.name.as_str(), one.vault.path.as_str())).collect();
        assert_eq!(secrets, [("gitea-oidc", "apps/gitea/oidc"), ("gitea-smtp", "authentik/smtp")]);
        assert_eq!(sources.slice(flux.secrets[0].name.from[0]), "gitea");
    });
}

#[test]
fn a_redirect_path_is_joined_with_one_slash_and_an_absolute_uri_is_left_alone() {
    lab(GITEA, |lab, sources, _| {
        let (_, oidc) = lab.oidc_apps().next().expect("the lab has an app");
        let uris: Vec<_> = oidc.redirect_uris.iter().map(|uri| uri.url.as_str()).collect();
        assert_eq!(uris, ["https://git.example.org/user/oauth2/authentik/callback", "http://localhost:8085/x"]);
        let from: Vec<_> = oidc.redirect_uris[0].url.from.iter().map(|span| sources.slice(*span)).collect();
        assert_eq!(from, ["/user/oauth2/authentik/callback", "https://git.example.org/"]);
        assert_eq!(oidc.issuer.value, "https://auth.example.org/application/o/gitea/");
    });
}

#[test]
fn a_pattern_behind_an_address_leaves_the_address_as_it_is() {
    let text = GITEA.replace("/user/oauth2/authentik/callback", "{ url: '/cb/[0-9]+', matching: regex }");
    lab(&text, |lab, _, _| {
        let (_, oidc) = lab.oidc_apps().next().expect("the lab has an app");
        assert_eq!(oidc.redirect_uris[0].url.value, r"https://git\.example\.org/cb/[0-9]+");
    });
}

#[test]
fn a_renamed_app_moves_from_name_to_name() {
    let text = GITEA.replace("  gitea:\n", "  forgejo:\n    formerly: [gogs, gitea]\n");
    lab(&text, |lab, sources, _| {
        let moves: Vec<_> = app(lab, "forgejo").moves().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(moves, [("gogs", "gitea"), ("gitea", "forgejo")]);
        let (_, last) = app(lab, "forgejo").moves().last().expect("it was renamed");
        assert_eq!(sources.slice(last.from[0]), "forgejo");
    });
    lab(GITEA, |lab, _, _| assert_eq!(app(lab, "gitea").moves().count(), 0));
}

#[test]
fn what_an_app_reads_is_written_by_its_module_and_the_rest_by_a_person() {
    lab(GITEA, |lab, _, _| {
        let written: Vec<_> = lab.vault_secrets().map(|secret| (secret.path.as_str(), secret.writer)).collect();
        assert_eq!(
            written,
            [
                ("authentik/config", Writer::Person),
                ("authentik/postgres", Writer::Person),
                ("authentik/smtp", Writer::Person),
                ("authentik/token", Writer::Person),
                ("apps/gitea/oidc", Writer::Module),
            ]
        );
    });
}

#[test]
fn flux_kustomizations_wait_for_those_before_them_and_for_what_exists() {
    lab(GITEA, |lab, _, found| {
        let order: Vec<(&str, Vec<&str>)> = lab.clusters[0]
            .kustomizations
            .iter()
            .map(|one| (one.name.as_str(), one.depends_on.iter().map(|name| name.as_str()).collect()))
            .collect();
        assert_eq!(
            order,
            [
                ("namespaces", vec![]),
                ("authentik", vec!["external-secrets", "namespaces"]),
                ("apps-gitea", vec!["authentik", "external-secrets", "namespaces"]),
            ]
        );
        assert!(found.is_empty());
    });
}

const TWO_CLUSTERS: &str = "
flux:
  clusters: [home, attic]
  source: { name: flux-system }
  secrets: external-secrets
  store:
    kind: ClusterSecretStore
    name: vault
    auth: { mount: kubernetes, role: eso, service_account: { name: eso, namespace: eso } }
groups: { family: {} }
apps:
  a: { url: https://a.example.org, namespace: one, clusters: [attic], allow: [family], oidc: { redirect_uris: [/x] } }
  b: { url: https://b.example.org, namespace: one, allow: [family], oidc: { redirect_uris: [/x] } }
";

#[test]
fn an_app_runs_where_its_clusters_say_and_only_the_first_cluster_has_authentik() {
    lab(TWO_CLUSTERS, |lab, _, _| {
        let names = |cluster: usize| -> Vec<&str> {
            lab.clusters[cluster].kustomizations.iter().map(|one| one.name.as_str()).collect()
        };
        assert_eq!(names(0), ["namespaces", "secret-store", "apps-a", "apps-b"]);
        assert_eq!(names(1), ["namespaces", "secret-store", "authentik", "apps-b"]);
        let apps = lab.clusters[0].kustomizations.iter().filter(|one| one.file == KustomizationFile::Apps);
        for app in apps {
            assert!(app.depends_on.iter().all(|name| name.value != "authentik"), "{app:?}");
        }
    });
}

#[test]
fn a_cluster_logs_in_to_vault_by_an_auth_method_of_its_own() {
    let flux = TWO_CLUSTERS.replace("mount: kubernetes,", "mount: kubernetes, mounts: { attic: kubernetes-attic },");
    lab(&flux, |lab, _, _| {
        let mount = |cluster: usize| {
            let mut all = lab.clusters[cluster].kustomizations.iter();
            all.find_map(|one| one.auth_mount.as_ref().map(|mount| mount.value.clone()))
        };
        assert_eq!((mount(0).as_deref(), mount(1).as_deref()), (Some("kubernetes-attic"), None));
    });
}

#[test]
fn a_key_starts_with_the_mount_where_the_store_has_no_path() {
    lab(TWO_CLUSTERS, |lab, _, _| {
        assert_eq!(lab.store.key(&lab.identity.smtp.vault.path).value, "infra/authentik/smtp");
    });
    lab(GITEA, |lab, _, _| assert_eq!(lab.store.key(&lab.identity.smtp.vault.path).value, "authentik/smtp"));
}

#[test]
fn a_namespace_is_rendered_once_unless_it_exists() {
    lab(TWO_CLUSTERS, |lab, _, _| {
        let names: Vec<_> = lab.namespaces.iter().map(|name| (name.as_str(), name.from.len())).collect();
        assert_eq!(names, [("infra", 1), ("one", 2)]);
    });
    let flux = TWO_CLUSTERS.replace("  secrets:", "  existing_namespaces: [one]\n  secrets:");
    lab(&flux, |lab, _, _| assert_eq!(lab.namespaces.len(), 1));
}

#[test]
fn a_rendered_flux_kustomization_does_not_exist_already() {
    let flux = TWO_CLUSTERS.replace("  secrets:", "  after: [apps-a, namespaces, traefik]\n  secrets:");
    lab(&flux, |_, sources, found| {
        let places: Vec<_> = found.iter().map(|finding| sources.slice(finding.primary.span)).collect();
        assert_eq!(places, ["apps-a", "namespaces"]);
        assert_eq!(
            found[0].message,
            "the Flux Kustomization `apps-a` is rendered by labtree, so it does not exist already"
        );
    });
}

#[test]
fn an_ldap_app_has_a_base_dn_of_its_own_and_the_host_that_it_can_reach() {
    let text = "
apps:
  emby: { url: https://emby.example.org, allow: everyone, ldap: {} }
  inside: { url: https://in.example.org, namespace: media, allow: everyone, ldap: { base_dn: 'ou=x,dc=y' } }
";
    lab(text, |lab, _, _| {
        let apps: Vec<_> = lab.ldap_apps().map(|(_, ldap)| ldap).collect();
        assert_eq!(apps[0].bind_dn.value, "cn=ldap-emby,ou=users,ou=emby,dc=ldap,dc=example,dc=org");
        assert_eq!(apps[0].host.as_ref().map(|host| host.as_str()), Some("ldap.example.org"));
        assert_eq!(apps[1].base_dn.value, "ou=x,dc=y");
        assert_eq!(apps[1].host.as_ref().map(|host| host.as_str()), Some("ak-outpost-ldap.infra.svc.cluster.local"));
        assert!(lab.apps[0].allow.is_none());
    });
}

const GROUPS: &str = "
groups:
  top: { superuser: true }
  below: { parents: [top] }
  media: { library: { libraries: [Music] } }
  films: { invite: true, parents: [media], library: { libraries: [Films, Music], hd: ['yes'] } }
users:
  zoe: { name: Zoe, email: zoe@example.org, groups: [films] }
  alex: { name: Alex, email: alex@example.org }
";

#[test]
fn a_group_has_the_power_of_those_above_it() {
    lab(GROUPS, |lab, _, _| {
        let groups: Vec<_> =
            lab.groups.iter().map(|group| (group.name.as_str(), group.superuser, group.invite)).collect();
        assert_eq!(
            groups,
            [("below", true, false), ("films", false, true), ("media", false, false), ("top", true, false)]
        );
    });
}

#[test]
fn a_group_s_resource_has_its_name_as_far_as_opentofu_takes_it() {
    let table = [
        ("family", "family"),
        ("jellyfin-movies", "jellyfin-movies"),
        ("film noir", "film_u20_noir"),
        ("film_u20_noir", "film_u5f_u20_noir"),
        ("4k", "_u34_k"),
        ("-", "_u2d_"),
        ("größe", "gr_uf6__udf_e"),
        ("_under_", "_u5f_under_"), // it would begin as an escape does
    ];
    for (name, resource) in table {
        assert_eq!(crate::group_resource(name), resource, "{name}");
    }
}

#[test]
fn library_flags_are_merged_from_the_groups_above_each_value_once() {
    lab(GROUPS, |lab, _, _| {
        let [alex, zoe] = &lab.users[..] else { panic!("there are two people") };
        assert!(alex.groups.is_none() && alex.attributes.is_empty());
        let values = |name: &str| -> Vec<&str> { zoe.attributes[name].iter().map(|value| value.as_str()).collect() };
        assert_eq!(values("libraries"), ["Films", "Music"]);
        assert_eq!(values("hd"), ["yes"]);
        let invitation = lab.group("films").expect("the group is there").invitation(&lab.groups);
        assert_eq!(invitation.groups[0].value, "films");
        assert_eq!(invitation.attributes.len(), 2);
    });
}

#[test]
fn the_order_of_the_inventory_changes_nothing() {
    let names = |text: &str| {
        let mut names = Vec::new();
        lab(text, |lab, _, _| names.extend(lab.apps.iter().map(|app| app.slug.value.clone())));
        names
    };
    let lines: Vec<_> = TWO_CLUSTERS.trim_end().lines().collect();
    let (last, before) = lines.split_last().expect("the text has lines");
    let mut turned = before.to_vec();
    turned.insert(turned.len() - 1, last);
    assert_eq!(names(TWO_CLUSTERS), names(&format!("\n{}\n", turned.join("\n"))));
}

#[test]
fn a_namespace_that_would_be_the_list_of_namespaces_is_refused() {
    let app = "apps:\n  a: { url: https://a.example.org, namespace: kustomization, allow: everyone, ldap: {} }\n";
    lab(app, |_, sources, found| {
        let [finding] = found else { panic!("{found:#?}") };
        assert_eq!((finding.rule, sources.slice(finding.primary.span)), ("taken-name", "kustomization"));
    });
    let flux = FLUX.replace("  after:", "  existing_namespaces: [kustomization]\n  after:");
    lab(&format!("{flux}{app}"), |_, _, found| assert_eq!(found, []));
}

#[test]
fn an_app_whose_release_would_be_authentik_s_own_is_refused() {
    let app = "
apps:
  authentik:
    url: https://a.example.org
    namespace: infra
    allow: everyone
    ldap: {}
    release: { repository: https://charts.example.org, chart: a, version: 1.2.3 }
";
    lab(app, |_, sources, found| {
        let [finding] = found else { panic!("{found:#?}") };
        assert_eq!((finding.rule, sources.slice(finding.primary.span)), ("taken-name", "authentik"));
        assert_eq!(sources.slice(finding.related[0].span), "infra");
    });
    lab(&app.replace("infra", "other"), |_, _, found| assert_eq!(found, []));
}

#[test]
fn a_logout_is_told_at_the_app_s_own_address_or_at_another() {
    let told = |logout: &str| {
        let mut told = None;
        let text = GITEA.replace("oidc: { ", &format!("oidc: {{ logout: {logout}, "));
        lab(&text, |lab, _, _| {
            let (_, oidc) = lab.oidc_apps().next().expect("the lab has an app");
            told = oidc.logout.as_ref().map(|logout| (logout.uri.value.clone(), logout.method.as_str()));
        });
        told.expect("it is told")
    };
    assert_eq!(told("/out"), ("https://git.example.org/out".to_owned(), "backchannel"));
    let front = told("{ uri: 'http://gitea.git.svc/out', method: frontchannel }");
    assert_eq!(front, ("http://gitea.git.svc/out".to_owned(), "frontchannel"));
}
