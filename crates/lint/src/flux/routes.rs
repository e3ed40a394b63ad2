//! The ways from hosts to Services: Ingresses, routes of the Gateway API, and Traefik's.

use diagnostic::Spanned;
use manifest::Value;
use resolve_flux::{Cluster, Object};

const GATEWAY: &str = "gateway.networking.k8s.io";
/// The API groups of Traefik: the second is that of its second version.
const TRAEFIK: [&str; 2] = ["traefik.io", "traefik.containo.us"];

/// What leads from hosts to Services.
#[derive(Debug)]
pub(crate) struct Route<'c> {
    /// The object that says so.
    pub(crate) object: &'c Object,
    /// The hosts; none where any host, or one that is not known, leads there.
    pub(crate) hosts: Option<Vec<Spanned<String>>>,
    /// Where it leads.
    pub(crate) backends: Vec<Backend<'c>>,
}

/// A Service that is led to.
#[derive(Debug)]
pub(crate) struct Backend<'c> {
    /// Its namespace, where it is known.
    pub(crate) namespace: Option<&'c str>,
    /// Its name.
    pub(crate) name: &'c Value,
    /// The number or the name of its port, if one is given.
    pub(crate) port: Option<&'c Value>,
}

/// Every route of `cluster`.
pub(crate) fn routes(cluster: &Cluster) -> impl Iterator<Item = Route<'_>> {
    cluster.objects.iter().flat_map(of)
}

/// The routes in `object`.
fn of(object: &Object) -> Vec<Route<'_>> {
    let Some(spec) = object.value.get("spec") else { return Vec::new() };
    match (object.group(), object.kind()) {
        ("networking.k8s.io", "Ingress") => of_ingress(object, spec),
        (GATEWAY, "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute") => {
            let hosts: Option<Vec<_>> = spec.items_at("hostnames").iter().map(text).collect();
            let rules = spec.items_at("rules").iter();
            let backends = rules.flat_map(|rule| rule.items_at("backendRefs")).filter_map(|backend| {
                let is_service = backend.text_at("kind").is_none_or(|kind| kind == "Service")
                    && backend.text_at("group").is_none_or(str::is_empty);
                if is_service { self::backend(object, backend, backend.get("port")) } else { None }
            });
            let backends = backends.collect();
            vec![Route { object, hosts: hosts.filter(|hosts| !hosts.is_empty()), backends }]
        }
        (group, "IngressRoute" | "IngressRouteTCP") if TRAEFIK.contains(&group) => {
            spec.items_at("routes").iter().map(|route| of_traefik(object, route)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_ingress<'c>(object: &'c Object, spec: &'c Value) -> Vec<Route<'c>> {
    let of_backend = |value: Option<&'c Value>| {
        let service = value?.get("service")?;
        let port = service.get("port");
        backend(object, service, port.and_then(|port| port.get("number").or(port.get("name"))))
    };
    let rules = spec.items_at("rules").iter().map(|rule| {
        let paths = rule.at(&["http", "paths"]).map(Value::items).unwrap_or_default();
        let hosts = rule.get("host").and_then(text).filter(|host| !host.value.is_empty()).map(|host| vec![host]);
        Route { object, hosts, backends: paths.iter().filter_map(|path| of_backend(path.get("backend"))).collect() }
    });
    let default = spec.get("defaultBackend");
    let default =
        default.map(|value| Route { object, hosts: None, backends: of_backend(Some(value)).into_iter().collect() });
    rules.chain(default).collect()
}

fn of_traefik<'c>(object: &'c Object, route: &'c Value) -> Route<'c> {
    let services = route.items_at("services").iter();
    let is_service = |service: &&Value| service.text_at("kind").is_none_or(|kind| kind == "Service");
    let backends =
        services.filter(is_service).filter_map(|service| backend(object, service, service.get("port"))).collect();
    let rule = route.get("match");
    let hosts = rule.and_then(|rule| Some((hosts_of_rule(rule.text()?)?, rule.span)));
    let hosts = hosts.map(|(hosts, span)| hosts.into_iter().map(|host| Spanned::new(host, span)).collect());
    Route { object, hosts, backends }
}

fn backend<'c>(object: &'c Object, named: &'c Value, port: Option<&'c Value>) -> Option<Backend<'c>> {
    let name = named.get("name")?;
    let namespace = match named.get("namespace").filter(|namespace| !namespace.is_null()) {
        Some(namespace) => namespace.text(),
        None => object.namespace(),
    };
    Some(Backend { namespace, name, port: port.filter(|port| !port.is_null()) })
}

fn text(value: &Value) -> Option<Spanned<String>> {
    Some(Spanned::new(value.text()?.to_owned(), value.span))
}

/// The hosts in a rule of Traefik: ``Host(`a`) && PathPrefix(`/b`)``; none where any host, or a pattern of hosts, is
/// meant. Source: [routers](https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/).
pub(crate) fn hosts_of_rule(rule: &str) -> Option<Vec<String>> {
    let mut hosts = Vec::new();
    if rule.contains("Regexp(") || rule.contains('!') {
        return None;
    }
    for matcher in ["Host(", "HostSNI("] {
        for part in rule.split(matcher).skip(1) {
            let arguments = part.split(')').next().unwrap_or_default();
            hosts.extend(arguments.split(['`', '"']).skip(1).step_by(2).map(str::to_owned));
        }
    }
    (!hosts.is_empty() && !hosts.iter().any(|host| host == "*")).then_some(hosts)
}

#[cfg(test)]
mod tests {
    use super::hosts_of_rule;

    #[test]
    fn the_hosts_of_a_rule_are_those_that_it_names() {
        let hosts = |rule: &str| hosts_of_rule(rule).map(|hosts| hosts.join(" "));
        assert_eq!(
            hosts("Host(`a.example.org`) || Host(\"b.example.org\")").as_deref(),
            Some("a.example.org b.example.org")
        );
        assert_eq!(hosts("Host(`a.example.org`, `b.example.org`)").as_deref(), Some("a.example.org b.example.org"));
        assert_eq!(hosts("PathPrefix(`/a`) && Host(`a.example.org`)").as_deref(), Some("a.example.org"));
        assert_eq!(hosts("PathPrefix(`/a`)"), None);
        assert_eq!(hosts("HostRegexp(`.+`)"), None);
        assert_eq!(hosts("HostSNI(`*`)"), None);
        assert_eq!(hosts("!Host(`a.example.org`)"), None);
    }
}
