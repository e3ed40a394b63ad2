//! A Helm release: what the `HelmRepository` and the `HelmRelease` of authentik and of an app have in common.

use diagnostic::Spanned;
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

/// A value that labtree hands on as it is, each leaf with its place.
pub(crate) fn placed(value: &Spanned<inventory::Value>) -> Placed {
    let data = match &value.value {
        inventory::Value::Null => Data::Null,
        inventory::Value::Bool(boolean) => Data::Bool(*boolean),
        inventory::Value::Integer(number) => Data::Number(*number),
        inventory::Value::Float(number) => Data::Float(*number),
        inventory::Value::Text(text) => Data::Text(text.clone()),
        inventory::Value::List(items) => Data::List(items.iter().map(placed).collect()),
        inventory::Value::Map(entries) => {
            let entry = |(key, value): &(Spanned<String>, Spanned<inventory::Value>)| (text(key), placed(value));
            Data::Map(entries.iter().map(entry).collect())
        }
    };
    Placed::new(data, [value.span])
}
