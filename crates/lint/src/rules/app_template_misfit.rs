//! Values that the chart app-template does not take.

use std::collections::BTreeSet;

use crate::flux::app_template::{self, Misfit};
use crate::flux::chart::HELM;
use crate::{Findings, Repo};

crate::rule! {
    /// The values of a release of the chart app-template do not hang together.
    ///
    /// ## Why
    /// The parts of the [values](https://bjw-s-labs.github.io/helm-charts/docs/app-template/) name each other: a Service
    /// and a mount name a controller, an Ingress and a route name a Service. Where there is none of that name, the chart
    /// is not rendered, and the release stays as it was
    /// ([`chart/_validate.tpl`, `service/_validate.tpl`](https://github.com/bjw-s-labs/helm-charts/tree/main/charts/library/common/templates/lib)).
    /// A mount into a container that is not there, and a key with a slip in it, are left out without a word.
    ///
    /// It is an error for the releases 3 and 4 of the chart, and a warning for later ones.
    ///
    /// ## Fix
    /// Write the name that the part has, or put the key where the chart looks for it.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/notes.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: OCIRepository
    /// metadata: { name: app-template, namespace: apps }
    /// spec:
    ///   interval: 1h
    ///   url: oci://charts.example.org/app-template
    ///   ref: { tag: 4.1.1 }
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: notes, namespace: apps }
    /// spec:
    ///   interval: 1h
    ///   chartRef: { kind: OCIRepository, name: app-template }
    ///   values:
    ///     controllers:
    ///       notes:
    ///         containers:
    ///           app:
    ///             image: { repository: registry.example.org/notes, tag: 1.2.3 }
    ///     service:
    ///       app:
    ///         controller: main
    /// #                   ^^^^ error[app-template-misfit]: the Service `app` is for the controller `main`, and the values have none of that name
    ///         ports: { http: { port: 8080 } }
    ///     persistence:
    ///       config:
    ///         existingClaim: notes
    ///         advancedMounts: { notes: { main: [{ path: /config }] } }
    /// #                                  ^^^^ warning[app-template-misfit]: `config` is mounted into the container `main`, and `notes` has none of that name
    /// ```
    ///
    /// With the names that are there:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/notes.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: OCIRepository
    /// metadata: { name: app-template, namespace: apps }
    /// spec:
    ///   interval: 1h
    ///   url: oci://charts.example.org/app-template
    ///   ref: { tag: 4.1.1 }
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: notes, namespace: apps }
    /// spec:
    ///   interval: 1h
    ///   chartRef: { kind: OCIRepository, name: app-template }
    ///   values:
    ///     controllers:
    ///       notes:
    ///         containers:
    ///           app:
    ///             image: { repository: registry.example.org/notes, tag: 1.2.3 }
    ///     service:
    ///       app:
    ///         controller: notes
    ///         ports: { http: { port: 8080 } }
    ///     persistence:
    ///       config:
    ///         existingClaim: notes
    ///         advancedMounts: { notes: { app: [{ path: /config }] } }
    /// ```
    ///
    /// ## When to allow
    /// When it is another chart of that name.
    "app-template-misfit", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for cluster in &repo.flux.clusters {
        for release in cluster.of(HELM, "HelmRelease") {
            for Misfit { place, message, help, severity } in app_template::misfits(repo, cluster, release) {
                if told.insert((place, message.clone())) {
                    let report = findings.report_in(cluster, place, message).severity(severity);
                    if let Some(help) = help {
                        report.help(help);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[track_caller]
    fn check(version: &str, values: &str) {
        let lab = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/web.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: apps }
spec: { interval: 1h, url: 'https://charts.example.org' }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: apps }
spec:
  interval: 1h
  chart: { spec: { chart: app-template, version: VERSION, sourceRef: { kind: HelmRepository, name: charts } } }
  values:
";
        check_rule(
            "app-template-misfit",
            &format!("{}{}", lab.replace("VERSION", version), values.trim_start_matches('\n')),
        );
    }

    #[test]
    fn each_part_that_names_another_is_reported() {
        check(
            "4.1.1",
            r"
    controllers:
      web: { containers: { app: {} } }
      jobs: { type: cronjob, containers: { app: {} } }
    service: { app: { controller: web }, other: { controller: jobs } }
    ingress:
      app:
        hosts: [{ host: web.example.org, paths: [{ path: /, service: { identifier: ap } }] }]
#                                                                                  ^^ error[app-template-misfit]: the Ingress `app` leads to the Service `ap`, and the values have none of that name
# help: did you mean `app`?
    route:
      app: { rules: [{ backendRefs: [{ identifier: main }] }] }
#                                                  ^^^^ error[app-template-misfit]: the route `app` leads to the Service `main`, and the values have none of that name
    serviceMonitor:
      app: { service: { identifier: main } }
#                                   ^^^^ error[app-template-misfit]: the ServiceMonitor `app` is for the Service `main`, and the values have none of that name
    persistence:
      cache: { type: emptyDir, advancedMounts: { website: { app: [{ path: /cache }] } } }
#                                                ^^^^^^^ error[app-template-misfit]: `cache` is mounted into the controller `website`, and the values have none of that name
      config: { type: configMap, identifier: config }
#                                            ^^^^^^ error[app-template-misfit]: `config` is made of `config`, and `configMaps` has none of that name
    configMap:
#   ^^^^^^^^^ warning[app-template-misfit]: app-template has no value `configMap`
# help: did you mean `configMaps`?
      config: { data: {} }
    resources: { limits: { memory: 1Gi } }
#   ^^^^^^^^^ warning[app-template-misfit]: app-template has no value `resources`
# help: move it below the container it is for, in `controllers`
    nodeSelector: { disk: fast }
#   ^^^^^^^^^^^^ warning[app-template-misfit]: app-template has no value `nodeSelector`
# help: move it below `defaultPodOptions`
",
        );
    }

    #[test]
    fn what_belongs_to_the_pod_or_a_container_is_reported() {
        check(
            "5.1.0",
            r"
    controllers:
      web:
        securityContext: { runAsUser: 1000 }
#       ^^^^^^^^^^^^^^^ warning[app-template-misfit]: `securityContext` stands beside what belongs to the controller `web`
# help: move it below `pod`
        env: { TZ: Etc/UTC }
#       ^^^ warning[app-template-misfit]: `env` stands beside what belongs to the controller `web`
# help: move it below one of its `containers`
        containers: { app: {} }
",
        );
    }

    #[test]
    fn what_fits_is_filled_in_or_switched_off_and_other_releases_are_left_alone() {
        let fits = r"
    controllers:
      web:
        pod: { securityContext: { runAsUser: 1000 } }
        initContainers: { init: {} }
        containers: { app: {} }
    service: { app: {}, off: { enabled: false, controller: main }, filled: { controller: '{{ .Release.Name }}' } }
    ingress: { app: { hosts: [{ host: web.example.org, paths: [{ path: /, service: { identifier: app, port: http } }] }] } }
    route: { app: { rules: [{ backendRefs: [{ identifier: app }, { name: other, port: 80 }] }] } }
    configMaps: { config: { data: {} } }
    persistence:
      config: { type: configMap, identifier: config, advancedMounts: { web: { init: [{ path: /c }], app: [{ path: /c }] } } }
      other: { type: configMap, name: other, globalMounts: [{ path: /other }] }
    podMonitor: {}
    image: &image { repository: registry.example.org/web, tag: 1.2.3 }
";
        check("4.1.1", fits);
        check("5.1.0", fits);
        check("2.6.0", "    controllers: {}\n    service: { main: { controller: main } }\n");
        check("4.x", "    controllers: { web: {} }\n    service: { main: { controller: main } }\n");
        check("4.1.1", "    controllers: { '${APP}': {} }\n    service: { main: { controller: main } }\n");
        check("4.1.1", "    service: { main: { controller: main } }\n");
    }
}
