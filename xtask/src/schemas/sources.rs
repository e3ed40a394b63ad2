//! Where the schemas of kinds are published: Go modules, and the files in them.

/// Kubernetes itself: its API in the OpenAPI format.
pub(crate) const KUBERNETES: (&str, &str) = ("k8s.io/kubernetes@v1.36.0", "api/openapi-spec/swagger.json");

/// Which versions of its kinds are gone: the modules with the Go types of that release.
pub(crate) const LIFECYCLES: &[&str] =
    &["k8s.io/api@v0.36.0", "k8s.io/apiextensions-apiserver@v0.36.0", "k8s.io/kube-aggregator@v0.36.0"];

/// Flux: a module with a folder for each release, which holds a file for each controller.
pub(crate) const FLUX: (&str, &str) = ("github.com/controlplaneio-fluxcd/flux-operator@v0.58.0", "config/data/flux");

/// What else brings CustomResourceDefinitions: the name of its table, the module, and the file or the folder in it.
///
/// Of the Gateway API it is the experimental channel, which has every field of the standard one.
pub(crate) const DEFINITIONS: &[(&str, &str, &str)] = &[
    ("cert-manager", "github.com/cert-manager/cert-manager@v1.21.2", "deploy/crds"),
    ("external-secrets", "github.com/external-secrets/external-secrets@v1.3.2", "deploy/crds/bundle.yaml"),
    ("flux-operator", FLUX.0, "config/crd/bases"),
    // 1.7 needs a later Go than the other tools build with.
    ("gateway-api", "sigs.k8s.io/gateway-api@v1.6.3", "config/crd/experimental"),
    (
        "prometheus-operator",
        "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        "example/prometheus-operator-crd",
    ),
    (
        "traefik",
        "github.com/traefik/traefik/v3@v3.7.13",
        "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",
    ),
];
