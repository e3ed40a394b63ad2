//! `namespace`: where all objects go, but those that lie in none.

use diagnostic::{Span, Spanned};
use manifest::{Content, Value};

use crate::bag::Bag;
use crate::config::FieldSpec;
use crate::field::{self, Make};
use crate::file::Kustomization;
use crate::object::{Gvk, Object, scalar_at};
use crate::run::Run;
use crate::strategic::Refusal;
use crate::{UNUSABLE_FIELD, object};

/// Which subjects of a role binding get the namespace too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those called `default`.
    Default,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    None,
}

/// Sets the namespace that the kustomization wants.
pub(crate) fn set(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let Some(namespace) = kustomization.text("namespace") else { return };
    let config = std::sync::Arc::clone(&bag.config);
    set_to(run, bag, &namespace, config.fields("namespace"), Subjects::Default, false);
}

/// Sets the namespace of all objects to `namespace`, or only of those that have none.
pub(crate) fn set_to(
    run: &mut Run<'_>,
    bag: &mut Bag,
    namespace: &Spanned<String>,
    specs: &[FieldSpec],
    subjects: Subjects,
    only_unset: bool,
) {
    let value = Value::of_text(namespace.value.clone(), namespace.span);
    for object in bag.change() {
        object.remember();
        if let Err(refusal) = set_in(object, &value, specs, subjects, only_unset) {
            run.refuse(UNUSABLE_FIELD, refusal);
        }
    }
    bag.tell_duplicates(run);
}

fn set_in(
    object: &mut Object,
    namespace: &Value,
    specs: &[FieldSpec],
    subjects: Subjects,
    only_unset: bool,
) -> Result<(), Refusal> {
    let gvk = Gvk::of(&object.value);
    let put = |value: &mut Value| put(value, namespace, only_unset);
    if !gvk.is_cluster_wide() && (!only_unset || object.namespace().is_empty()) {
        object.set_metadata("namespace", namespace.clone());
    }
    let is_binding = ["RoleBinding", "ClusterRoleBinding"].contains(&gvk.kind.as_str());
    if is_binding {
        bind(&mut object.value, namespace, subjects, only_unset);
    }
    let api_version = gvk.api_version();
    let is_meant = |spec: &&FieldSpec| {
        spec.path != "metadata/namespace"
            && (spec.path != "metadata/name" || api_version == "v1")
            && !(is_binding && spec.path == "subjects/namespace")
    };
    for spec in specs.iter().filter(is_meant) {
        field::visit(&mut object.value, spec, Some(Make::Scalar), namespace.span, &mut { put })?;
    }
    Ok(())
}

fn put(value: &mut Value, namespace: &Value, only_unset: bool) -> Result<(), Refusal> {
    match &value.content {
        Content::Map(_) | Content::List(_) => {
            let message = format!("a namespace belongs here, this is {}", value.kind());
            Err(Refusal { span: value.span, message })
        }
        _ if only_unset && !object::scalar(value).is_empty() => Ok(()),
        _ => {
            *value = namespace.clone();
            Ok(())
        }
    }
}

fn bind(binding: &mut Value, namespace: &Value, subjects: Subjects, only_unset: bool) {
    let Some(Value { content: Content::List(items), .. }) = binding.get_mut("subjects") else { return };
    for subject in items {
        let is_meant = match subjects {
            Subjects::Default => scalar_at(subject, "name") == "default",
            Subjects::ServiceAccounts => scalar_at(subject, "kind") == "ServiceAccount",
            Subjects::None => false,
        };
        if is_meant && (!only_unset || scalar_at(subject, "namespace").is_empty()) {
            subject.set(key("namespace", namespace.span), namespace.clone());
        }
    }
}

fn key(name: &str, span: Span) -> Spanned<String> {
    Spanned::new(name.to_owned(), span)
}
