//! A workload that looks below a distinguished name that no LDAP provider serves.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diagnostic::{Severity, Spanned};
use regex::Regex;
use resolve_flux::Object;

use crate::flux::secrets::slip;
use crate::identity::workloads::{texts, within};
use crate::identity::{applications, ldap};
use crate::{Findings, Repo};

crate::rule! {
    /// A workload names a distinguished name beside those of authentik's LDAP providers, and below none of them.
    ///
    /// ## Why
    /// The outpost answers below the `base_dn` of its providers only. It refuses a bind by another name with
    /// `Insufficient access`, and a search beside or above the base DNs finds nobody, without an error
    /// ([LDAP provider](https://docs.goauthentik.io/add-secure-apps/providers/ldap/)).
    ///
    /// It is an error where the name is a slip of a base DN, and a warning otherwise: another directory may have the same
    /// domain. Nothing is said where another directory is seen in the clusters, or a base DN is not known.
    ///
    /// ## Fix
    /// Write the base DN of the app's own provider.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/jellyfin.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: jellyfin, namespace: media }
    /// data:
    ///   LDAP_BASE: ou=jellyfn,dc=example,dc=org
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[ldap-dn-not-served]: ConfigMap `jellyfin` names `ou=jellyfn,dc=example,dc=org`, which is below no base DN of an LDAP provider
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: `jellyfin` serves this one
    /// }
    /// ```
    ///
    /// Below the one of its provider:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/jellyfin.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: jellyfin, namespace: media }
    /// data:
    ///   LDAP_BASE: ou=users,ou=jellyfin,dc=example,dc=org
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When another directory than authentik's has the name.
    "ldap-dn-not-served", Error, Identity, check
}

/// What is written where another directory is run, or synchronised from.
const DIRECTORIES: [&str; 8] = ["389ds", "freeipa", "glauth", "kanidm", "lldap", "openldap", "samba-ad", "slapd"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    static DN: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i)(?:\b(?:ou|cn|uid|o|c|l|st)=[^,;"'()=?&|\n]+,\s*)*\bdc=[a-z0-9-]+(?:,\s*dc=[a-z0-9-]+)+"#;
        Regex::new(pattern).expect("the pattern is right")
    });
    let Some(bases) = bases(repo) else { return };
    let objects = || repo.flux.clusters.iter().flat_map(|cluster| &cluster.objects);
    if objects().any(is_of_directory) {
        return;
    }
    let mut told = BTreeSet::new();
    for object in objects() {
        texts(object, &mut |text| {
            for found in DN.find_iter(text.text) {
                let Some((near, severity)) = judge(found.as_str(), &bases) else { continue };
                let place = within(repo.sources, text.span, found.as_str(), found.as_str());
                if !told.insert(place) {
                    continue;
                }
                let message = format!(
                    "{} `{}` names `{}`, which is below no base DN of an LDAP provider",
                    object.kind(),
                    object.name(),
                    found.as_str()
                );
                let report = findings.report(place, message).severity(severity);
                match near {
                    Some(near) => {
                        let (called, base) = &near;
                        report
                            .related(base.span, format!("{called} serves this one"))
                            .help(format!("did you mean `{}`?", base.value))
                    }
                    None => {
                        let all: Vec<_> = bases.iter().map(|(_, base)| format!("`{}`", base.value)).collect();
                        report.help(format!("the LDAP providers serve {}", all.join(", ")))
                    }
                };
            }
        });
    }
}

/// A base DN, and how its provider is called.
type Base = (String, Spanned<String>);

/// The base DNs of all LDAP providers; none where one may be missing, or is of another directory.
fn bases(repo: &Repo<'_>) -> Option<Vec<Base>> {
    let roots = &repo.tofu.roots;
    let is_whole = repo.is_complete && roots.iter().all(|root| root.is_whole);
    let has_source = roots.iter().any(|root| root.of("authentik_source_ldap").next().is_some());
    if !is_whole || has_source {
        return None;
    }
    let all: Option<Vec<Base>> = applications::everywhere(roots, ldap::PROVIDER)
        .map(|(_, provider)| {
            let base = provider.known_string("base_dn").filter(|_| provider.certain)?;
            Some((applications::called(provider), base))
        })
        .collect();
    all.filter(|all| !all.is_empty())
}

/// Whether `object` tells of another directory.
fn is_of_directory(object: &Object) -> bool {
    static NAMES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("(?i-u){}", DIRECTORIES.join("|"))).expect("names make a pattern"));
    let mut found = NAMES.is_match(object.name());
    texts(object, &mut |text| found |= text.text.len() < 4096 && NAMES.is_match(text.text));
    found
}

/// What is wrong with `dn`: the base DN that was meant, if one is near, and how sure that is. Nothing is wrong with what
/// is below a base DN, of another domain, or filled in by a template.
fn judge<'b>(dn: &str, bases: &'b [Base]) -> Option<(Option<&'b Base>, Severity)> {
    let dn = plain(dn);
    let is_below = |base: &Base| {
        let base = plain(&base.1.value);
        dn == base || dn.strip_suffix(&base).is_some_and(|before| before.ends_with(','))
    };
    let is_of_domain = |base: &Base| domain(&plain(&base.1.value)) == domain(&dn);
    if !bases.iter().any(is_of_domain) || bases.iter().any(is_below) {
        return None;
    }
    // Whose account it is, and in which of the outpost's branches, is not part of the base DN.
    let mut parts: Vec<&str> = dn.split(',').collect();
    while let Some(first) = parts.first() {
        let is_account = ["cn=", "uid="].iter().any(|begin| first.starts_with(begin));
        let is_branch = ["ou=users", "ou=groups", "ou=virtual-groups"].contains(first);
        if !is_account && !is_branch {
            break;
        }
        parts.remove(0);
    }
    let base = parts.join(",");
    if base.contains(['{', '$', '%', '<']) {
        return None;
    }
    let all: Vec<String> = bases.iter().map(|(_, base)| plain(&base.value)).collect();
    let near = slip(&base, all.iter().map(String::as_str));
    let near = near.and_then(|near| bases.iter().zip(&all).find(|(_, plain)| *plain == near)).map(|(base, _)| base);
    Some((near, if near.is_some() { Severity::Error } else { Severity::Warning }))
}

/// As authentik compares it: without regard to case, and to blanks behind commas.
fn plain(dn: &str) -> String {
    dn.split(',').map(str::trim).collect::<Vec<_>>().join(",").to_lowercase()
}

/// The domain that it ends in: `dc=example,dc=org`.
fn domain(dn: &str) -> &str {
    dn.find("dc=").map_or("", |at| &dn[at..])
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const LAB: &str = r#"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- tofu/main.tf
resource "authentik_provider_ldap" "jellyfin" {
  name    = "jellyfin"
  base_dn = "ou=jellyfin,dc=example,dc=org"
}
#- clusters/home/app.yaml
"#;

    #[track_caller]
    fn check(text: &str) {
        check_rule("ldap-dn-not-served", &format!("{}{}", LAB.trim_start(), text.trim_start()));
    }

    #[test]
    fn names_beside_and_above_the_base_are_reported_wherever_they_stand() {
        check(
            r#"
apiVersion: apps/v1
kind: Deployment
metadata: { name: jellyfin, namespace: media }
spec:
  template:
    spec:
      containers:
        - name: jellyfin
          env:
            - { name: BASE, value: "dc=example,dc=org" }
#                                   ^^^^^^^^^^^^^^^^^ warning[ldap-dn-not-served]: Deployment `jellyfin` names `dc=example,dc=org`, which is below no base DN of an LDAP provider
# help: the LDAP providers serve `ou=jellyfin,dc=example,dc=org`
            - { name: FILTER, value: "(memberOf=cn=family,ou=groups,ou=emby,dc=example,dc=org)" }
#                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[ldap-dn-not-served]: Deployment `jellyfin` names `cn=family,ou=groups,ou=emby,dc=example,dc=org`, which is below no base DN of an LDAP provider
"#,
        );
    }

    #[test]
    fn what_is_below_of_another_domain_or_filled_in_is_left_alone() {
        check(
            r#"
apiVersion: v1
kind: ConfigMap
metadata: { name: jellyfin, namespace: media }
data:
  base: OU=Jellyfin,DC=example,DC=org
  bind: cn=ldap-jellyfin,ou=users,ou=jellyfin,dc=example,dc=org
  filter: "(&(objectClass=user)(memberOf=cn={group},ou=groups,ou=jellyfin,dc=example,dc=org))"
  other: ou=people,dc=example,dc=net
  template: "ou={{ .app }},dc=example,dc=org"
"#,
        );
    }

    #[test]
    fn nothing_is_said_beside_another_directory() {
        check(
            r#"
apiVersion: apps/v1
kind: Deployment
metadata: { name: directory, namespace: infra }
spec: { template: { spec: { containers: [{ name: a, image: ghcr.io/lldap/lldap:v0.6.1 }] } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: jellyfin, namespace: media }
data: { base: "ou=people,dc=example,dc=org" }
"#,
        );
    }
}
