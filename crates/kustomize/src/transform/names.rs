//! `namePrefix` and `nameSuffix`.

use std::sync::Arc;

use diagnostic::Spanned;
use manifest::{Content, Value};

use crate::UNUSABLE_FIELD;
use crate::bag::Bag;
use crate::config::FieldSpec;
use crate::field::{self, Make};
use crate::file::Kustomization;
use crate::object::{Gvk, Object, scalar};
use crate::run::Run;
use crate::strategic::Refusal;

/// Which end of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The start.
    Prefix,
    /// The end.
    Suffix,
}

/// Puts `namePrefix` before the names.
pub(crate) fn prefix(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    if let Some(text) = kustomization.text("namePrefix") {
        let config = Arc::clone(&bag.config);
        add(run, bag, &text, config.fields("namePrefix"), End::Prefix);
    }
}

/// Puts `nameSuffix` behind the names.
pub(crate) fn suffix(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    if let Some(text) = kustomization.text("nameSuffix") {
        let config = Arc::clone(&bag.config);
        add(run, bag, &text, config.fields("nameSuffix"), End::Suffix);
    }
}

/// Puts `text` at an end of the fields `specs`.
pub(crate) fn add(run: &mut Run<'_>, bag: &mut Bag, text: &Spanned<String>, specs: &[FieldSpec], end: End) {
    for object in bag.change() {
        let gvk = object.original_id().gvk;
        if keeps_its_name(&gvk) {
            continue;
        }
        for spec in specs.iter().filter(|spec| gvk.is_selected(&spec.gvk)) {
            if spec.path == "metadata/name" {
                note(object, text, end);
            }
            let set = &mut |value: &mut Value| lengthen(value, text, end);
            if let Err(refusal) = field::visit(&mut object.value, spec, Some(Make::Scalar), text.span, set) {
                run.refuse(UNUSABLE_FIELD, refusal);
            }
        }
    }
}

/// The kinds whose names mean something outside the kustomization.
fn keeps_its_name(gvk: &Gvk) -> bool {
    match gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

fn note(object: &mut Object, text: &Spanned<String>, end: End) {
    let ends = match end {
        End::Prefix => &mut object.prefixes,
        End::Suffix => &mut object.suffixes,
    };
    ends.push(text.value.clone());
    object.remember();
}

/// The place of a name stays its own: that is where a person edits it.
fn lengthen(value: &mut Value, text: &str, end: End) -> Result<(), Refusal> {
    if matches!(value.content, Content::Map(_) | Content::List(_)) {
        let message = format!("a name belongs here, this is {}", value.kind());
        return Err(Refusal { span: value.span, message });
    }
    let name = scalar(value);
    value.content = Content::Text(match end {
        End::Prefix => format!("{text}{name}"),
        End::Suffix => format!("{name}{text}"),
    });
    Ok(())
}
