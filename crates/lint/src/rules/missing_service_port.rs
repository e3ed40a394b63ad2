//! A way to a Service by a port that it does not have.

use diagnostic::nearest;
use manifest::{Content, Value};
use resolve_flux::Object;

use crate::flux::routes::{Backend, routes};
use crate::{Findings, Repo};

crate::rule! {
    /// An Ingress or a route leads to a Service by a port that the Service does not have.
    ///
    /// ## Why
    /// The controller finds no endpoints behind such a port, and answers every request with an error
    /// ([Ingress](https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource),
    /// [BackendRefs](https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference)).
    ///
    /// ## Fix
    /// Write the number or the name that stands below `spec.ports` of the Service.
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
    /// #- clusters/home/web.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: { name: web, namespace: apps }
    /// #                 ^^^ related: it has `80`, `http`
    /// spec:
    ///   ports: [{ name: http, port: 80 }]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: { name: web, namespace: apps }
    /// spec:
    ///   rules:
    ///     - host: web.example.org
    ///       http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 8080 } } } }] }
    /// #                                                                                                   ^^^^ error[missing-service-port]: Ingress `web` leads to the port `8080` of the Service `web`, which has no such port
    /// ```
    ///
    /// By a port that is there:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/web.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: { name: web, namespace: apps }
    /// spec:
    ///   ports: [{ name: http, port: 80 }]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: { name: web, namespace: apps }
    /// spec:
    ///   rules:
    ///     - host: web.example.org
    ///       http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] }
    /// ```
    ///
    /// ## When to allow
    /// When something in the cluster adds the port to the Service.
    "missing-service-port", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        for route in routes(cluster) {
            for Backend { namespace, name, port } in route.backends {
                let (Some(name), Some(port)) = (name.text(), port) else { continue };
                let Some(service) = cluster.find("", "Service", namespace, name) else { continue };
                let (Some(wanted), Some(ports)) = (text(port), ports(service)) else { continue };
                if ports.takes(&wanted) {
                    continue;
                }
                let by = route.object;
                let message = format!(
                    "{} `{}` leads to the port `{wanted}` of the Service `{name}`, which has no such port",
                    by.kind(),
                    by.name()
                );
                let all: Vec<_> = ports.names.iter().map(|name| format!("`{name}`")).collect();
                let report = findings
                    .report_in(cluster, port.span, message)
                    .related(manifest::Identity::place(&service.value), format!("it has {}", all.join(", ")));
                let names = ports.names.iter().map(String::as_str);
                if let Some(near) = nearest(&wanted, names.filter(|name| name.parse::<u16>().is_err())) {
                    report.help(format!("did you mean `{near}`?"));
                } else if let [only] = ports.numbers.as_slice() {
                    report.help(format!("write `{only}`"));
                }
            }
        }
    }
}

/// The ports of a Service.
struct Ports {
    /// Their numbers.
    numbers: Vec<String>,
    /// Numbers and names, as they are listed.
    names: Vec<String>,
    /// Where they lead to in the pods, which some controllers take too.
    targets: Vec<String>,
}

impl Ports {
    fn takes(&self, wanted: &str) -> bool {
        self.names.iter().chain(&self.targets).any(|port| port == wanted)
    }
}

/// The ports of `service`; none where they are not all known, or any is taken: one by another name has none of its own.
fn ports(service: &Object) -> Option<Ports> {
    let spec = service.value.get("spec")?;
    let list = spec.get("ports").filter(|list| !list.has_unknown() && !list.items().is_empty())?;
    if spec.text_at("type") == Some("ExternalName") || spec.get("type").is_some_and(Value::is_unknown) {
        return None;
    }
    let mut ports = Ports { numbers: Vec::new(), names: Vec::new(), targets: Vec::new() };
    for item in list.items() {
        let number = text(item.get("port")?)?;
        ports.names.extend([Some(number.clone()), item.get("name").and_then(text)].into_iter().flatten());
        ports.numbers.push(number);
        ports.targets.extend(item.get("targetPort").and_then(text));
    }
    Some(ports)
}

/// A number or a name.
fn text(value: &Value) -> Option<String> {
    match &value.content {
        Content::Text(text) if !text.is_empty() => Some(text.clone()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const CLUSTER: &str = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/web.yaml
";

    #[track_caller]
    fn check(text: &str) {
        check_rule("missing-service-port", &format!("{}{}", CLUSTER.trim_start(), text.trim_start()));
    }

    #[test]
    fn routes_of_the_gateway_api_and_of_traefik_are_followed() {
        check(
            "
apiVersion: v1
kind: Service
metadata: { name: web, namespace: apps }
#                 ^^^ related: it has `80`, `http`
#                 ^^^ related: it has `80`, `http`
spec: { ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: infra }
spec:
  rules:
    - backendRefs: [{ name: web, namespace: apps, port: 81 }]
#                                                       ^^ error[missing-service-port]: HTTPRoute `web` leads to the port `81` of the Service `web`, which has no such port
# help: write `80`
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: web, namespace: apps }
spec:
  routes:
    - match: Host(`web.example.org`)
      services: [{ name: web, port: htpp }]
#                                   ^^^^ error[missing-service-port]: IngressRoute `web` leads to the port `htpp` of the Service `web`, which has no such port
# help: did you mean `http`?
",
        );
    }

    #[test]
    fn services_that_are_not_here_not_known_or_take_any_port_are_left_alone() {
        check(
            "
apiVersion: v1
kind: Service
metadata: { name: web, namespace: apps }
spec: { ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: nas, namespace: apps }
spec: { type: ExternalName, externalName: nas.example.org, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: apps }
spec:
  defaultBackend: { service: { name: web, port: { number: 80 } } }
  rules:
    - http:
        paths:
          - { path: /a, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }
          - { path: /b, pathType: Prefix, backend: { service: { name: other, port: { number: 1 } } } }
          - { path: /c, pathType: Prefix, backend: { resource: { kind: Bucket, name: web } } }
          - { path: /d, pathType: Prefix, backend: { service: { name: web, port: { number: 8080 } } } }
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: web, namespace: apps }
spec:
  routes:
    - services: [{ name: nas, port: 5000 }, { name: api@internal, kind: TraefikService, port: 1 }, { name: web }]
",
        );
    }
}
