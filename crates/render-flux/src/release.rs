//! A Helm release: what the `HelmRepository` and the `HelmRelease` of authentik and of an app have in common.

use diagnostic::Spanned;
use inventory::{Line, RepositoryUrl, Version};
use template::{Placed, Value, context};

use crate::text;

/// What both objects name; `name` is theirs.
pub(crate) fn context_of(
    name: Placed,
    namespace: Placed,
    repository: &Spanned<RepositoryUrl>,
    chart: &Spanned<Line>,
    version: &Spanned<Version>,
) -> Value {
    context! {
        name,
        namespace,
        repository => text(repository),
        oci => repository.as_str().starts_with("oci://"),
        chart => text(chart),
        version => text(version),
    }
}
