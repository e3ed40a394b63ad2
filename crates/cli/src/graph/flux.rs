//! What each cluster applies, and what waits for what.

use lint::flux::Flux;
use resolve_flux::{Cluster, FLUX_KUSTOMIZATION, Object, Reference};

use super::diagram::{Diagram, Look};

const HELM: &str = "helm.toolkit.fluxcd.io";

/// A box for each cluster. An arrow leads from what must be ready to what waits for it (`dependsOn`), a dotted one from
/// a Flux Kustomization to a HelmRelease that it applies. Where others lead around, an arrow is left out.
pub(super) fn diagram(flux: &Flux) -> Diagram {
    let mut diagram = Diagram::default();
    for cluster in &flux.clusters {
        draw(&mut diagram, cluster);
    }
    diagram.shorten();
    diagram
}

fn draw(diagram: &mut Diagram, cluster: &Cluster) {
    let within = Some(diagram.r#box(&cluster.name));
    let waiting: Vec<(&Object, &str)> =
        (cluster.of(FLUX_KUSTOMIZATION, "Kustomization").map(|one| (one, "Kustomization")))
            .chain(cluster.of(HELM, "HelmRelease").map(|one| (one, "HelmRelease")))
            .collect();
    for (object, kind) in &waiting {
        let look = if *kind == "HelmRelease" { Look::Round } else { Look::Plain };
        diagram.node(within, &key(kind, object.namespace(), object.name()), &object.called(), look);
    }
    for (object, kind) in &waiting {
        let Some(own) = diagram.find(within, &key(kind, object.namespace(), object.name())) else { continue };
        if *kind == "HelmRelease" {
            let by = cluster.applied_by(object);
            let by = diagram.find(within, &key("Kustomization", by.namespace.as_deref(), &by.name));
            by.into_iter().for_each(|by| diagram.arrow(by, own, "", true));
        }
        for needed in object.value.get("spec").map_or(&[][..], |spec| spec.items_at("dependsOn")) {
            let Some(needed) = Reference::of(needed, kind, object.namespace()) else { continue };
            let label = match &needed.namespace {
                Some(namespace) => format!("{kind} {namespace}/{}", needed.name.value),
                None => format!("{kind} {}", needed.name.value),
            };
            let key = key(kind, needed.namespace.as_deref(), &needed.name.value);
            let from = diagram.node(within, &key, &format!("{label}, which is not here"), Look::Dashed);
            diagram.arrow(from, own, "", false);
        }
    }
}

fn key(kind: &str, namespace: Option<&str>, name: &str) -> String {
    format!("{kind} {}/{name}", namespace.unwrap_or_default())
}
