//! `generators`, `transformers`, `validators` and Helm charts: what kustomize has built in is carried out, the rest is
//! not known.

use crate::bag::Bag;
use crate::file::Kustomization;
use crate::run::Run;

/// What generators and charts would add is not known.
pub(crate) fn generate(run: &mut Run<'_>, kustomization: &Kustomization, _bag: &mut Bag) {
    let fields = ["generators", "helmCharts", "helmChartInflationGenerator"];
    run.is_open |= fields.iter().any(|field| !kustomization.items(field).is_empty());
}

/// What transformers would change is not known.
pub(crate) fn transform(run: &mut Run<'_>, kustomization: &Kustomization, _bag: &mut Bag) {
    run.is_open |= ["transformers", "validators"].iter().any(|field| !kustomization.items(field).is_empty());
}
