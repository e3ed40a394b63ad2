//! Rules in CEL are held against what fits otherwise.

use super::{check, check_at};

#[test]
fn a_release_takes_a_chart_or_a_reference_to_one() {
    check(
        "
#- release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana }
spec:
  interval: 1h
  chart: { spec: { chart: grafana, sourceRef: { kind: HelmRepository, name: grafana } } }
  chartRef: { kind: OCIRepository, name: grafana }
# ^^^^^^^^ error[broken-rule]: `spec` is refused: either chart or chartRef must be set
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana }
spec:
^^^^ error[broken-rule]: `spec` is refused: either chart or chartRef must be set
  interval: 1h
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana }
spec:
  interval: 1h
  chart:
  chartRef: { kind: OCIRepository, name: grafana }
",
    );
}

#[test]
fn rules_see_defaults() {
    check(
        "
#- source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: { name: home }
spec:
  interval: 1h
  endpoint: minio.example.org
  bucketName: home
  sts: { provider: aws, endpoint: 'https://sts.example.org' }
# ^^^ error[broken-rule]: `spec` is refused: 'ldap' is the only supported STS provider for the 'generic' Bucket provider
",
    );
}

#[test]
fn rules_of_a_release_are_those_of_its_flux() {
    let source = "
#- source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: home }
spec:
  interval: 1h
  url: https://git.example.org/home
  serviceAccountName: home
";
    check_at(Some("2.6.0"), &source.replace("  serviceAccountName: home\n", ""));
    let mark = "# ^^^^^^^^^^^^^^^^^^ error[broken-rule]: `spec` is refused: serviceAccountName can only be set when \
                provider is 'azure' or 'aws'\n";
    check_at(Some("2.9.0"), &format!("{source}{mark}"));
}

#[test]
fn a_route_is_held_against_the_rules_of_the_gateway_api() {
    check(
        "
#- route.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs:
    - { name: gateway, sectionName: https }
  rules:
    - matches:
        - path: { value: web }
#                 ^^^^^ error[broken-rule]: `spec.rules[0].matches[0].path` is refused: value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']
      backendRefs: [{ name: web, port: 80 }]
    - backendRefs:
        - name: web
#         ^^^^ error[broken-rule]: `spec.rules[1].backendRefs[0]` is refused: must have port for Service reference
    - filters:
        - type: RequestRedirect
          requestRedirect: { scheme: https }
      backendRefs: [{ name: web, port: 80 }]
#     ^^^^^^^^^^^ error[broken-rule]: `spec.rules[2]` is refused: requestRedirect filter must not be used together with backendRefs
    - timeouts: { request: 1s, backendRequest: 2s }
#                              ^^^^^^^^^^^^^^ error[broken-rule]: `spec.rules[3].timeouts` is refused: backendRequest timeout cannot be longer than request timeout
      backendRefs: [{ name: web, port: 80 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  hostnames: [web.example.org, '*.example.org']
  parentRefs:
    - { name: gateway, namespace: infra, sectionName: https }
    - { name: gateway, namespace: infra, sectionName: http }
  rules:
    - backendRefs: [{ name: web, port: 80 }]
",
    );
}

#[test]
fn a_rule_is_silent_where_it_looks_at_what_only_the_cluster_knows() {
    use manifest::Content;

    use super::{Kinds, objects};

    let text = "
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec: { interval: 1h, chart: X, chartRef: Y }
";
    let kind = Kinds::new(None).get("helm.toolkit.fluxcd.io/v2", "HelmRelease").expect("it is known");
    let mut object = objects(diagnostic::FileId(0), text).remove(0);
    let spec = object.get_mut("spec").expect("it is there");
    for field in ["chart", "chartRef"] {
        spec.get_mut(field).expect("it is there").content = Content::Unknown;
    }
    assert_eq!(kind.check(&object), []);
}
