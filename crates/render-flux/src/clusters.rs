//! Each cluster's folder: its Flux Kustomizations, one file for each step and one for all apps.

use diagnostic::Diagnostic;
use inventory::StoreKind;
use lab::{App, Cluster, FLUX_NAMESPACE, FluxKustomization, KustomizationFile, Lab};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::{keep, text};

/// How long Flux waits for what it applied: authentik's first start migrates its whole database.
const TIMEOUT: &str = "5m";
const AUTHENTIK_TIMEOUT: &str = "15m";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    for cluster in &lab.clusters {
        for file in [
            KustomizationFile::Namespaces,
            KustomizationFile::SecretStore,
            KustomizationFile::Authentik,
            KustomizationFile::Apps,
        ] {
            let kustomizations = of_file(lab, cluster, file);
            if kustomizations.is_empty() {
                continue;
            }
            let names = [("cluster", cluster.name.value.as_str())];
            let source = &lab.inventory.flux.source;
            let context = context! {
                flux_namespace => Placed::fixed(FLUX_NAMESPACE),
                source => context! {
                    kind => Placed::text(&source.kind.derive(|kind| kind.as_str())),
                    name => text(&source.name),
                },
                kustomizations,
                store => store(lab),
            };
            keep(tree, templates.render(template(file), &names, context, found));
        }
    }
}

/// The object that a cluster's own auth method is patched into, and where it stands there.
fn store(lab: &Lab<'_>) -> Value {
    let store = &lab.inventory.flux.store;
    let mount = match store.kind.value {
        StoreKind::VaultAuth => "/spec/mount",
        StoreKind::ClusterSecretStore | StoreKind::SecretStore => "/spec/provider/vault/auth/kubernetes/mountPath",
    };
    context! {
        kind => Placed::text(&store.kind.derive(|kind| kind.as_str())),
        name => text(&store.name),
        mount => Placed::fixed(mount),
    }
}

fn template(file: KustomizationFile) -> &'static str {
    match file {
        KustomizationFile::Namespaces => "flux/clusters/__cluster__/namespaces.yaml.j2",
        KustomizationFile::SecretStore => "flux/clusters/__cluster__/secret-store.yaml.j2",
        KustomizationFile::Authentik => "flux/clusters/__cluster__/authentik.yaml.j2",
        KustomizationFile::Apps => "flux/clusters/__cluster__/apps.yaml.j2",
    }
}

/// The Flux Kustomizations of one file. Those of the apps come in the apps' order, so one walk finds each app.
fn of_file(lab: &Lab<'_>, cluster: &Cluster, file: KustomizationFile) -> Vec<Value> {
    let mut apps = lab.apps.iter();
    let of_this_file = cluster.kustomizations.iter().filter(|kustomization| kustomization.file == file);
    of_this_file
        .map(|kustomization| {
            let app = (file == KustomizationFile::Apps).then(|| {
                let is_its = |app: &&App<'_>| {
                    app.flux.as_ref().is_some_and(|flux| flux.kustomization.value == kustomization.name.value)
                };
                apps.find(is_its)
            });
            context_of(kustomization, app.flatten())
        })
        .collect()
}

fn context_of(kustomization: &FluxKustomization, app: Option<&App<'_>>) -> Value {
    let timeout = match kustomization.file {
        KustomizationFile::Authentik => AUTHENTIK_TIMEOUT,
        _ => TIMEOUT,
    };
    let flux = app.and_then(|app| app.flux.as_ref().filter(|_| app.entry.release.is_some()));
    context! {
        name => Placed::text(&kustomization.name),
        path => Placed::text(&kustomization.path),
        timeout => Placed::fixed(timeout),
        waits_for_others => !kustomization.depends_on.is_empty(),
        has_auth_mount => kustomization.auth_mount.is_some(),
        auth_mount => kustomization.auth_mount.as_ref().map(Placed::text).map(Value::from),
        depends_on => kustomization.depends_on.iter().map(Placed::text).map(Value::from).collect::<Vec<_>>(),
        has_release => flux.is_some(),
        release => app.map(|app| Placed::text(&app.slug)).map(Value::from),
        namespace => flux.map(|flux| Placed::text(&flux.namespace)).map(Value::from),
    }
}
