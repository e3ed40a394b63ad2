//! A Helm release: what the `HelmRepository` and the `HelmRelease` of authentik and of an app have in common.

use diagnostic::{Derived, Spanned};
use inventory::{Line, RepositoryUrl, Version};
use template::{Data, Placed, Value, context};

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

/// A value of a chart, each leaf with its places.
pub(crate) fn placed(value: &Derived<lab::Value>) -> Placed {
    let data = match &value.value {
        lab::Value::Null => Data::Null,
        lab::Value::Bool(boolean) => Data::Bool(*boolean),
        lab::Value::Integer(number) => Data::Number(*number),
        lab::Value::Float(number) => Data::Float(*number),
        lab::Value::Text(text) => Data::Text(text.clone()),
        lab::Value::List(items) => Data::List(items.iter().map(placed).collect()),
        lab::Value::Map(entries) => {
            let entry = |(key, value): &(Derived<String>, Derived<lab::Value>)| (Placed::text(key), placed(value));
            Data::Map(entries.iter().map(entry).collect())
        }
    };
    Placed::new(data, value.from.iter().copied())
}
