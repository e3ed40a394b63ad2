//! `vars`: values of objects that stand for `$(NAME)` in others.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value, split_api_version};

use super::follow::{look_up, path_parts};
use crate::bag::Bag;
use crate::field;
use crate::file::{Kustomization, text_at};
use crate::object::{Gvk, Id, scalar};
use crate::run::Run;
use crate::strategic::Refusal;
use crate::{INVALID_REPLACEMENT, UNUSABLE_FIELD};

/// A variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    name: Spanned<String>,
    of: Id,
    of_place: Span,
    path: String,
}

/// The variables of the kustomization.
pub(crate) fn read(run: &mut Run<'_>, kustomization: &Kustomization) -> Vec<Variable> {
    let mut variables = Vec::new();
    for item in kustomization.items("vars") {
        let Some(name) = text_at(item, "name") else {
            run.found.push(Diagnostic::error(INVALID_REPLACEMENT, item.span, "the variable has no `name`"));
            continue;
        };
        let Some(object) = item.get("objref") else {
            run.found.push(Diagnostic::error(INVALID_REPLACEMENT, item.span, "the variable has no `objref`"));
            continue;
        };
        let text = |key: &str| text_at(object, key).map(|text| text.value).unwrap_or_default();
        let api_version = text("apiVersion");
        let gvk = match api_version.as_str() {
            "" => Gvk { group: text("group"), version: text("version"), kind: text("kind") },
            api_version => {
                let (group, version) = split_api_version(api_version);
                Gvk { group: group.to_owned(), version: version.to_owned(), kind: text("kind") }
            }
        };
        let path = item.get("fieldref").and_then(|field| text_at(field, "fieldPath"));
        variables.push(Variable {
            name,
            of: Id { gvk, name: text("name"), namespace: text("namespace") },
            of_place: object.span,
            path: path.map_or_else(|| "metadata.name".to_owned(), |path| path.value),
        });
    }
    variables
}

impl Bag {
    /// Adds a variable, and marks the object that it is of.
    pub(crate) fn declare(&mut self, run: &mut Run<'_>, variable: Variable) {
        let of = &variable.of;
        let is_meant = |id: &Id| {
            let is_named = id.name == of.name && id.gvk == of.gvk;
            is_named && (of.namespace.is_empty() || id.is_beside(of))
        };
        let is_new = self.variables.iter().all(|known| known.name.value != variable.name.value);
        let mut matches: Vec<_> = self.objects.iter_mut().filter(|object| object.ids().iter().any(is_meant)).collect();
        match matches.as_mut_slice() {
            [] => {}
            [object] => object.variables.push(variable.name.value.clone()),
            _ => {
                let message = format!("several objects are called `{of}`");
                run.found.push(Diagnostic::error(INVALID_REPLACEMENT, variable.of_place, message));
            }
        }
        if is_new {
            self.variables.push(variable);
        } else {
            let message = format!("the variable `{}` is declared already", variable.name.value);
            run.found.push(Diagnostic::error(INVALID_REPLACEMENT, variable.name.span, message));
        }
    }

    /// Adds a variable of a kustomization below, whose object knows it.
    pub(crate) fn absorb_variable(&mut self, run: &mut Run<'_>, variable: Variable) {
        if self.variables.iter().any(|known| known.name.value == variable.name.value) {
            let message = format!("the variable `{}` is declared already", variable.name.value);
            run.found.push(Diagnostic::error(INVALID_REPLACEMENT, variable.name.span, message));
        } else {
            self.variables.push(variable);
        }
    }
}

/// Puts the values of the variables where they are used.
pub(crate) fn resolve(run: &mut Run<'_>, bag: &mut Bag) {
    let mut values = BTreeMap::new();
    for variable in &bag.variables {
        let name = &variable.name.value;
        let object = bag.objects.iter().find(|object| object.variables.contains(name));
        let parts: Vec<String> = path_parts(&variable.path).iter().flat_map(|part| index_apart(part)).collect();
        match object.map(|object| look_up(&object.value, &parts)) {
            Some(Some(value)) => {
                values.insert(name.clone(), value.clone());
            }
            _ if run.is_open => {}
            Some(None) => {
                let message = format!("`{}` has no `{}`", variable.of, variable.path);
                run.found.push(Diagnostic::error(INVALID_REPLACEMENT, variable.of_place, message));
            }
            None => {
                let message = format!("the variable `{name}` is of no object: there is no `{}`", variable.of);
                run.found.push(Diagnostic::error(INVALID_REPLACEMENT, variable.of_place, message));
            }
        }
    }
    if values.is_empty() {
        return;
    }
    let config = Arc::clone(&bag.config);
    for object in bag.change() {
        for spec in config.fields("varReference") {
            let set = &mut |value: &mut Value| set(value, &values);
            if let Err(refusal) =
                field::visit(&mut object.value, spec, None, Span::new(diagnostic::FileId(0), 0..0), set)
            {
                run.refuse(UNUSABLE_FIELD, refusal);
            }
        }
    }
}

/// `ports[0]` as `ports` and `0`.
fn index_apart(part: &str) -> Vec<String> {
    let found = part.strip_suffix(']').and_then(|part| part.rsplit_once('['));
    match found.filter(|(_, index)| !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(("", index)) => vec![index.to_owned()],
        Some((name, index)) => vec![name.to_owned(), index.to_owned()],
        None => vec![part.to_owned()],
    }
}

fn set(value: &mut Value, values: &BTreeMap<String, Value>) -> Result<(), Refusal> {
    match &mut value.content {
        Content::Map(entries) => entries.iter_mut().for_each(|entry| expand(&mut entry.value, values)),
        Content::List(items) => {
            for item in items {
                if !matches!(item.content, Content::Text(_) | Content::Unknown) {
                    let message = format!("a variable may stand here, so this has to be a text, not {}", item.kind());
                    return Err(Refusal { span: item.span, message });
                }
                expand(item, values);
            }
        }
        _ => expand(value, values),
    }
    Ok(())
}

/// Replaces each `$(NAME)` in a text; one that is the whole text keeps the type of its value.
fn expand(value: &mut Value, values: &BTreeMap<String, Value>) {
    let Some(text) = value.text() else { return };
    let single = |name: &str| {
        values.get(name).filter(|value| !matches!(value.content, Content::Map(_) | Content::List(_) | Content::Null))
    };
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        expanded.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let name = behind.strip_prefix('(').and_then(|open| open.split_once(')'));
        rest = match (behind.chars().next(), name) {
            (None, _) => {
                expanded.push('$');
                ""
            }
            (Some('$'), _) => {
                expanded.push('$');
                &behind[1..]
            }
            (Some('('), Some((name, rest))) => {
                let found = single(name);
                if let Some(found) = found.filter(|_| expanded.is_empty() && rest.is_empty() && at == 0) {
                    *value = found.clone();
                    return;
                }
                match found {
                    Some(found) if found.is_unknown() => {
                        value.content = Content::Unknown;
                        return;
                    }
                    Some(found) => expanded.push_str(&scalar(found)),
                    None => expanded.push_str(&format!("$({name})")),
                }
                rest
            }
            (Some(other), _) => {
                expanded.push('$');
                expanded.push(other);
                &behind[other.len_utf8()..]
            }
        };
    }
    expanded.push_str(rest);
    value.content = Content::Text(expanded);
}
