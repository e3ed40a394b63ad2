//! `replicas`: how many pods.

use std::sync::Arc;

use diagnostic::{Diagnostic, did_you_mean};
use manifest::Value;

use crate::bag::Bag;
use crate::config::FieldSpec;
use crate::field::{self, Make};
use crate::file::{Kustomization, text_at};
use crate::object::Object;
use crate::run::Run;
use crate::{PATCH_WITHOUT_TARGET, UNUSABLE_FIELD};

/// Sets the number of replicas that the kustomization wants of each name.
pub(crate) fn set(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let config = Arc::clone(&bag.config);
    for item in kustomization.items("replicas") {
        set_one(run, bag, item, config.fields("replicas"));
    }
}

/// Sets the number of replicas of one name.
pub(crate) fn set_one(run: &mut Run<'_>, bag: &mut Bag, item: &Value, specs: &[FieldSpec]) {
    let Some(name) = text_at(item, "name") else { return };
    let zero = || Value::new(manifest::Content::Number(0.into()), item.span);
    let count = item.get("count").cloned().unwrap_or_else(zero);
    let mut has_target = false;
    for spec in specs {
        let is_meant =
            |object: &&mut Object| object.ids().iter().any(|id| id.name == name.value && id.gvk.is_selected(&spec.gvk));
        for object in bag.change().iter_mut().filter(is_meant) {
            has_target = true;
            let set = &mut |value: &mut Value| {
                *value = count.clone();
                Ok(())
            };
            if let Err(refusal) = field::visit(&mut object.value, spec, Some(Make::Scalar), count.span, set) {
                run.refuse(UNUSABLE_FIELD, refusal);
            }
        }
    }
    if !has_target && !run.is_open {
        let scaled = bag.objects.iter().map(Object::original_id);
        let names: Vec<String> =
            scaled.filter(|id| specs.iter().any(|spec| id.gvk.is_selected(&spec.gvk))).map(|id| id.name).collect();
        let near = did_you_mean(&name, names.iter().map(String::as_str));
        let message = format!("no object with replicas is called `{}`{near}", name.value);
        run.found.push(Diagnostic::error(PATCH_WITHOUT_TARGET, name.span, message));
    }
}
