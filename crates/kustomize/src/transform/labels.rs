//! `labels`, `commonLabels` and `commonAnnotations`.

use std::sync::Arc;

use diagnostic::Spanned;
use manifest::{Content, Value};

use crate::bag::Bag;
use crate::config::{self, FieldSpec, merge_one};
use crate::field::{self, Make};
use crate::file::Kustomization;
use crate::object::Gvk;
use crate::run::Run;
use crate::strategic::Refusal;
use crate::{KUSTOMIZATION_VALUE, UNUSABLE_FIELD};

/// Sets the labels of `labels`, then those of `commonLabels`.
pub(crate) fn labels(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let config = Arc::clone(&bag.config);
    for item in kustomization.items("labels") {
        let mut specs = config::specs(item.get("fields"), &mut run.found);
        let is_set = |key: &str| item.get(key).and_then(Value::bool).unwrap_or(false);
        let mut add = |more: &[FieldSpec]| more.iter().any(|spec| merge_one(&mut specs, spec.clone()));
        let mut has_conflict = add(config.fields("labels"));
        if is_set("includeSelectors") {
            has_conflict |= add(config.fields("commonLabels"));
        } else {
            if is_set("includeTemplates") {
                has_conflict |= add(config.fields("templateLabels"));
            }
            if is_set("includeVolumeClaimTemplates") {
                has_conflict |= add(config.fields("volumeClaimTemplateLabels"));
            }
            has_conflict |= add(&[FieldSpec { gvk: Gvk::default(), path: "metadata/labels".to_owned(), create: true }]);
        }
        if has_conflict {
            let message = "the fields contradict each other: one is made where it is missing, and is not";
            run.found.push(diagnostic::Diagnostic::error(KUSTOMIZATION_VALUE, item.span, message));
        }
        set(run, bag, item.get("pairs"), &specs);
    }
    set(run, bag, kustomization.value.get("commonLabels"), config.fields("commonLabels"));
}

/// Sets `commonAnnotations`.
pub(crate) fn annotations(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let config = Arc::clone(&bag.config);
    set(run, bag, kustomization.value.get("commonAnnotations"), config.fields("commonAnnotations"));
}

/// Puts each entry of `pairs` into the maps at `specs`.
pub(crate) fn set(run: &mut Run<'_>, bag: &mut Bag, pairs: Option<&Value>, specs: &[FieldSpec]) {
    let pairs = pairs.map(Value::entries).unwrap_or_default();
    for object in bag.change() {
        for pair in pairs {
            for spec in specs {
                let set = &mut |map: &mut Value| put(map, &pair.key, &pair.value);
                if let Err(refusal) = field::visit(&mut object.value, spec, Some(Make::Map), pair.key.span, set) {
                    run.refuse(UNUSABLE_FIELD, refusal);
                }
            }
            object.shared.retain(|(key, _)| *key != pair.key);
            object.shared.push((pair.key.clone(), pair.value.clone()));
        }
    }
}

fn put(map: &mut Value, key: &Spanned<String>, value: &Value) -> Result<(), Refusal> {
    match map.content {
        Content::Map(_) => map.set(key.clone(), value.clone()),
        Content::Null | Content::Unknown => {}
        _ => {
            let message = format!("labels or annotations belong here, this is {}", map.kind());
            return Err(Refusal { span: map.span, message });
        }
    }
    Ok(())
}
