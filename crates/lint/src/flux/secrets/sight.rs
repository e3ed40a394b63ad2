//! What else may make a Secret: charts, operators, accounts that may, and files that no cluster applies.

use std::collections::BTreeSet;

use manifest::Value;
use resolve_flux::{Cluster, Object, values};
use resolve_tofu::Mode;

use super::app_template;
use crate::flux::chart::{Chart, helm_name};
use crate::{Content, Repo};

/// The chance that a Secret is made by what is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chance {
    /// None.
    None,
    /// A chart or an operator may make it, under a name that is not known.
    Some,
    /// What makes Secrets whose names begin so is there.
    Likely,
    /// Something that no cluster applies by itself says this very name.
    Named,
}

/// What else may make Secrets in a cluster.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// Whether anything may make any Secret in any namespace.
    is_open: bool,
    /// The namespaces in which anything may be made.
    open: BTreeSet<String>,
    /// How the names of what is made in a namespace begin.
    beginnings: BTreeSet<(String, String)>,
    /// The names of what is made wherever it is wanted, or by a person.
    names: BTreeSet<String>,
    /// Texts of files that make Secrets by command, or that no reader knows.
    texts: Vec<std::sync::Arc<str>>,
}

/// API groups whose objects make no Secret of their own: those of Kubernetes, and of the operators that are known.
const SILENT: [&str; 28] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "autoscaling",
    "batch",
    "cert-manager.io",
    "cilium.io",
    "coordination.k8s.io",
    "external-secrets.io",
    "externaldns.k8s.io",
    "gateway.networking.k8s.io",
    "helm.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
    "k8s.cni.cncf.io",
    "keda.sh",
    "kustomize.toolkit.fluxcd.io",
    "metallb.io",
    "networking.k8s.io",
    "node.k8s.io",
    "notification.toolkit.fluxcd.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "source.toolkit.fluxcd.io",
    "storage.k8s.io",
    "traefik.io",
];

/// Kinds of other groups that make none.
const SILENT_KINDS: [(&str, &str); 9] = [
    ("bitnami.com", "SealedSecret"),
    ("monitoring.coreos.com", "PodMonitor"),
    ("monitoring.coreos.com", "PrometheusRule"),
    ("monitoring.coreos.com", "ScrapeConfig"),
    ("monitoring.coreos.com", "ServiceMonitor"),
    ("secrets.hashicorp.com", "VaultAuth"),
    ("secrets.hashicorp.com", "VaultConnection"),
    ("secrets.hashicorp.com", "VaultStaticSecret"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
];

/// What copies a Secret into other namespaces says so in an annotation.
const COPIERS: [&str; 4] =
    ["reflector.v1.k8s.emberstack.com", "kubed.appscode.com", "replicator.v1.mittwald.de", "kubernetes-replicator"];

/// Whether `release`, a HelmRelease of `cluster`, runs the chart of authentik.
pub(super) fn is_authentik(cluster: &Cluster, release: &Object) -> bool {
    Chart::of(cluster, release).is_some_and(|chart| chart.name == Some("authentik"))
}

impl Sight {
    pub(super) fn of(repo: &Repo<'_>, cluster: &Cluster) -> Self {
        let mut sight = Self { is_open: !cluster.is_whole() || !repo.is_complete, ..Self::default() };
        sight.is_open |= repo.tofu.roots.iter().any(|root| {
            let kinds = root.resolved.instances.iter().filter(|one| one.resource.mode == Mode::Managed);
            kinds.map(|one| one.kind()).any(|kind| {
                ["kubernetes_", "kubectl_", "helm_", "flux_", "kustomization_"].iter().any(|it| kind.starts_with(it))
            })
        });
        for object in &cluster.objects {
            sight.see(repo, cluster, object);
        }
        sight.see_files(repo);
        sight
    }

    /// The chance that the Secret `name` is made in `namespace` by what is not seen.
    pub(super) fn chance(&self, namespace: &str, name: &str) -> Chance {
        let begins = |(space, begin): &(String, String)| space == namespace && name.starts_with(begin.as_str());
        if self.names.contains(name) || self.texts.iter().any(|text| text.contains(name)) {
            Chance::Named
        } else if self.beginnings.iter().any(begins) {
            Chance::Likely
        } else if self.is_open || self.open.contains(namespace) {
            Chance::Some
        } else {
            Chance::None
        }
    }

    fn see(&mut self, repo: &Repo<'_>, cluster: &Cluster, object: &Object) {
        let namespace = super::namespace(object).to_owned();
        let group = object.group();
        if is_copied(&object.value) {
            match (group, object.kind()) {
                ("helm.toolkit.fluxcd.io", _) => self.is_open = true,
                _ => self.names.extend(super::made::by(object).into_iter().map(|(name, _)| name)),
            }
        }
        match (group, object.kind()) {
            ("helm.toolkit.fluxcd.io", "HelmRelease") => self.see_release(repo, cluster, object),
            ("rbac.authorization.k8s.io", kind) => self.see_role(kind, &namespace, object),
            ("external-secrets.io", "ClusterExternalSecret") => {
                let spec = object.value.get("spec");
                let named = |path: &[&str]| spec.and_then(|spec| spec.at(path)?.text()).map(str::to_owned);
                let target =
                    named(&["externalSecretSpec", "target", "name"]).or_else(|| named(&["externalSecretName"]));
                self.names.insert(target.unwrap_or_else(|| object.name().to_owned()));
            }
            ("postgresql.cnpg.io", "Cluster") => {
                self.beginnings.insert((namespace, format!("{}-", object.name())));
            }
            // It makes keys for what it moves by rsync.
            ("volsync.backube", _) => {
                self.beginnings.insert((namespace, "volsync-".to_owned()));
            }
            ("cert-manager.io", "ClusterIssuer") => {
                let key = object.value.at(&["spec", "acme", "privateKeySecretRef", "name"]);
                self.names.extend(key.and_then(Value::text).map(str::to_owned));
            }
            ("networking.k8s.io", "Ingress") => self.see_ingress(&namespace, object),
            ("", "Secret") if object.has_unknown_name => {
                self.open.insert(namespace);
            }
            (group, kind) if SILENT.contains(&group) || SILENT_KINDS.contains(&(group, kind)) => {
                if object.identity.is_none() {
                    self.open.insert(namespace);
                }
            }
            // What is not known may be of the whole cluster, or have the power to make any.
            _ if object.namespace().is_none() => self.is_open = true,
            _ => {
                self.beginnings.insert((namespace.clone(), object.name().to_owned()));
                self.open.insert(namespace);
            }
        }
    }

    /// What the chart of `release` makes. Only app-template's is known, which makes none, and authentik's: one Secret that
    /// is called as the release, those of the database that it may bring, and those of outposts that authentik itself
    /// runs. Source: `charts/authentik/templates/secret.yaml` of goauthentik/helm.
    fn see_release(&mut self, repo: &Repo<'_>, cluster: &Cluster, release: &Object) {
        if app_template::plain(repo, cluster, release).is_some() {
            return;
        }
        let Some(spec) = release.value.get("spec") else { return };
        let own = super::namespace(release);
        let namespace = spec.text_at("targetNamespace").unwrap_or(own).to_owned();
        let name = helm_name(release);
        let is_plain = || {
            let values = values(cluster, release, repo.sources);
            let adds = ["additionalObjects", "fullnameOverride", "nameOverride", "namespaceOverride"];
            values.are_whole
                && spec.get("postRenderers").is_none()
                && !adds.iter().any(|field| values.value.get(field).is_some())
        };
        if !(is_authentik(cluster, release) && is_plain()) {
            self.open.insert(namespace);
            return;
        }
        self.names.extend([name.clone(), format!("{name}-authentik")]);
        for begin in [format!("{name}-postgresql"), format!("{name}-redis"), "ak-outpost-".to_owned()] {
            self.beginnings.insert((namespace.clone(), begin));
        }
    }

    /// Who may make Secrets, makes some. Flux's own controllers may, and make what is written.
    fn see_role(&mut self, kind: &str, namespace: &str, object: &Object) {
        let label = object.value.at(&["metadata", "labels", "app.kubernetes.io/part-of"]);
        if label.and_then(Value::text) == Some("flux") {
            return;
        }
        let has = |rule: &Value, field: &str, words: &[&str]| {
            rule.items_at(field).iter().any(|item| item.text().is_none_or(|text| words.contains(&text)))
        };
        let makes = |rule: &Value| has(rule, "verbs", &["create", "*"]) && has(rule, "resources", &["secrets", "*"]);
        let is_admin = object.value.at(&["roleRef", "name"]).and_then(Value::text) == Some("cluster-admin");
        let may = object.value.items_at("rules").iter().any(makes) || is_admin;
        if may && matches!(kind, "Role" | "RoleBinding") {
            self.open.insert(namespace.to_owned());
        } else if may {
            self.is_open = true;
        }
    }

    /// cert-manager makes the certificate that an annotated Ingress names.
    fn see_ingress(&mut self, namespace: &str, object: &Object) {
        if !asks_for_certificates(&object.value) {
            return;
        }
        let tls = object.value.at(&["spec", "tls"]).map(Value::items).unwrap_or_default();
        let names = tls.iter().filter_map(|item| item.text_at("secretName"));
        self.beginnings.extend(names.map(|name| (namespace.to_owned(), name.to_owned())));
    }

    /// Objects in files that no cluster applies, and commands, are what a person carries out once.
    fn see_files(&mut self, repo: &Repo<'_>) {
        let objects = repo.flux.clusters.iter().flat_map(|cluster| &cluster.objects);
        let applied: BTreeSet<&str> = objects.map(|object| object.file.as_str()).collect();
        for file in repo.files.iter() {
            let text = &repo.sources.get(file.id).text;
            let is_unread = matches!(file.content, Content::Text | Content::Broken(_)) && text.contains("Secret");
            if is_unread || text.contains("create secret") {
                self.texts.push(text.clone());
            }
            if applied.contains(file.path.as_str()) {
                continue;
            }
            let roots = file.yaml().iter().map(|document| &document.root);
            for root in roots.filter(|root| root.get("kind").is_some()) {
                let name = root.get("metadata").and_then(|metadata| metadata.get("name")?.scalar());
                self.names.extend(name.map(|name| name.text.clone()));
            }
        }
    }
}

/// Whether an annotation of `object`, an Ingress or a Gateway, has somebody make the certificates that it names:
/// [cert-manager](https://cert-manager.io/docs/usage/ingress/), or another one like it.
pub(super) fn asks_for_certificates(object: &Value) -> bool {
    let annotations = object.at(&["metadata", "annotations"]);
    let asks = |key: &str| ["cert", "acme", "tls"].iter().any(|word| key.contains(word));
    annotations.is_some_and(|all| all.is_unknown() || all.entries().iter().any(|entry| asks(&entry.key.value)))
}

/// Whether something in `value` has it copied into other namespaces.
fn is_copied(value: &Value) -> bool {
    value.items().iter().any(is_copied)
        || value
            .entries()
            .iter()
            .any(|entry| COPIERS.iter().any(|copier| entry.key.value.starts_with(copier)) || is_copied(&entry.value))
}
