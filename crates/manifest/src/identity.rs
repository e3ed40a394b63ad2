//! What an object is called.

use std::fmt;

use diagnostic::Span;

use crate::Value;

/// What tells an object from all others of a cluster.
///
/// The version of its API is not part of it: `apps/v1` and `apps/v1beta1` name one Deployment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace, where one is given.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl Identity {
    /// The identity of `object`; none if it has no `apiVersion`, `kind` or `metadata.name` that is known.
    pub fn of(object: &Value) -> Option<Self> {
        let (group, _) = split_api_version(object.text_at("apiVersion")?);
        let metadata = object.get("metadata")?;
        Some(Self {
            group: group.to_owned(),
            kind: object.text_at("kind")?.to_owned(),
            namespace: metadata.text_at("namespace").map(str::to_owned),
            name: metadata.text_at("name")?.to_owned(),
        })
    }

    /// Where the name of `object` is written, or the whole of it where it has none.
    pub fn place(object: &Value) -> Span {
        object.at(&["metadata", "name"]).unwrap_or(object).span
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(formatter, "{} {namespace}/{}", self.kind, self.name),
            None => write!(formatter, "{} {}", self.kind, self.name),
        }
    }
}

/// Group and version of an `apiVersion`: `("apps", "v1")`, and `("", "v1")` for the core group.
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}
