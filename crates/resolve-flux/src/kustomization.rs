//! The fields of a Flux Kustomization: [the specification of `kustomize.toolkit.fluxcd.io/v1`].
//!
//! [the specification of `kustomize.toolkit.fluxcd.io/v1`]: https://fluxcd.io/flux/components/kustomize/kustomizations/

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use diagnostic::{Span, Spanned};
use manifest::{Value, split_api_version};

/// The API group of Flux's own Kustomization; kustomize's is another.
pub const FLUX_KUSTOMIZATION: &str = "kustomize.toolkit.fluxcd.io";

/// An object that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its kind.
    pub kind: String,
    /// Its namespace: that of the object that names it, where it is not written.
    pub namespace: Option<String>,
    /// Where the namespace is written, if it is.
    pub namespace_at: Option<Span>,
    /// Its name, with the place it is named at.
    pub name: Spanned<String>,
    /// Whether it need not be there.
    pub is_optional: bool,
}

impl Reference {
    /// What `value`, a map with `name` and perhaps `kind` and `namespace`, names in an object of `namespace`.
    pub fn of(value: &Value, kind: &str, namespace: Option<&str>) -> Option<Self> {
        let name = value.get("name")?;
        Some(Self {
            kind: value.text_at("kind").unwrap_or(kind).to_owned(),
            namespace: value.text_at("namespace").or(namespace).map(str::to_owned),
            namespace_at: value.get("namespace").filter(|written| written.text().is_some()).map(|written| written.span),
            name: Spanned::new(name.text()?.to_owned(), name.span),
            is_optional: value.get("optional").and_then(Value::bool) == Some(true),
        })
    }
}

/// Whether `object` is a Flux Kustomization.
pub(crate) fn is_one(object: &Value) -> bool {
    object.text_at("kind") == Some("Kustomization")
        && object.text_at("apiVersion").is_some_and(|version| split_api_version(version).0 == FLUX_KUSTOMIZATION)
}

/// The folder that `spec.path` names, from the root of the source; the root where it is not written. `None` where it is
/// unknown or leads out of the source.
pub(crate) fn folder(spec: &Value) -> Option<Spanned<Utf8PathBuf>> {
    let Some(path) = spec.get("path").filter(|path| !path.is_null()) else {
        return Some(Spanned::new(Utf8PathBuf::new(), spec.span));
    };
    Some(Spanned::new(clean(path.text()?)?, path.span))
}

/// `path` from the root of a source, without `.` and `..`; `None` where it leads out.
pub(crate) fn clean(path: &str) -> Option<Utf8PathBuf> {
    let mut folder = Utf8PathBuf::new();
    for component in Utf8Path::new(path).components() {
        match component {
            Utf8Component::Normal(name) => folder.push(name),
            Utf8Component::ParentDir => {
                if !folder.pop() {
                    return None;
                }
            }
            // Flux joins the path to the folder of the artifact, so a leading slash is the root of the source.
            Utf8Component::CurDir | Utf8Component::RootDir | Utf8Component::Prefix(_) => {}
        }
    }
    Some(folder)
}
